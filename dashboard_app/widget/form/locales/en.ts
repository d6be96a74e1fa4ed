const en = {
  name: 'Your name',
  email: 'E-mail',
  phone: 'Phone',
  either: 'An e-mail address or a phone number, so that we can answer.',
  message: 'Message',
  send: 'Send message',
  sending: 'Sending…',
  back: 'Back to the chat',
  needName: 'Please tell us your name.',
  needReach: 'Please leave an e-mail address or a phone number.',
  wrongEmail: 'This does not look like an e-mail address, such as ana@example.org.',
  wrongPhone: 'This does not look like a phone number, such as +49 40 123456.',
  needMessage: 'Please write what it is about.',
  failed: 'That did not get through. What you wrote is kept; please try again.',
  refused: 'Messages can’t be taken here at the moment.',
} as const

export default en
