import { expect, test } from 'vitest'
import { connected, counts, held, posted, ready, setUp, thread } from './desk_fakes'
import { mine } from './samples'
import { attach, post, redeliver, windowOfThread } from './writing'

const settings = {
  version: 1,
  document: { attachments: { enabled: true, max_megabytes: 1 } },
  availability: null,
}

async function holding() {
  const all = await connected((answers) => {
    answers.about = held
    const usual = answers.answer
    answers.answer = (asked, signal) => (asked.url.endsWith('/settings') ? settings : usual(asked, signal))
  })
  return all
}

test('A reply waits for its files, and what is written after it waits, too.', async () => {
  const { world, desk, uploads } = await holding()
  attach(desk, thread(desk), [new File(['x'], 'a.png', { type: 'image/png' })])
  post(desk, thread(desk))
  desk.drafts.write('c-1', 'reply', 'and a word')
  post(desk, thread(desk))
  await world.settle()
  const sent = () => world.socket.sent.filter(({ type }) => type === 'send')
  expect(sent()).toEqual([])
  uploads.last.answer({ id: 'f1', kind: 'image', name: 'a.png', mime: 'image/png', size: 1, url: '/f/f1' })
  await world.settle()
  expect(sent()).toMatchObject([{ epoch: 2, attachments: [{ id: 'f1' }] }])
  expect(sent()[0]).not.toHaveProperty('text')
  world.socket.say({ type: 'ack', client_msg_id: sent()[0]?.['client_msg_id'], seq: 6 })
  await world.settle()
  expect(sent()[1]).toMatchObject({ text: 'and a word', attachments: [] })
})

test('A closed window gives text and files back into the composer.', async () => {
  const { world, desk, uploads } = await holding()
  attach(desk, thread(desk), [new File(['x'], 'a.png', { type: 'image/png' })])
  uploads.last.answer({ id: 'f1', kind: 'image', name: 'a.png', mime: 'image/png', size: 1, url: '/f/f1' })
  await world.settle()
  desk.drafts.write('c-1', 'reply', 'Look')
  post(desk, thread(desk))
  await world.settle()
  const id = world.socket.last?.['client_msg_id']
  world.socket.say({
    type: 'error',
    code: 'window_closed',
    message: 'They have to write first.',
    client_msg_id: id,
  })
  await world.settle()
  expect(desk.drafts.of('c-1').reply).toBe('Look')
  expect(desk.files.drafted('c-1')).toHaveLength(1)
  expect(desk.notices.shown.value?.text).toBe('They have to write first.')
})

test('When the window is over nothing is sent; a line of the customer opens it by the row that comes with it.', async () => {
  const soon = new Date(1_700_000_005_000).toISOString()
  const { world, desk } = await connected((answers) => (answers.about = { ...held, window_until: soon }))
  world.socket.say({ ...ready, server_time: new Date(1_700_000_000_000).toISOString() })
  desk.drafts.write('c-1', 'reply', 'Hello')
  await world.advance(6_000)
  post(desk, thread(desk))
  expect(desk.drafts.of('c-1').reply).toBe('Hello')
  const later = new Date(1_700_090_000_000).toISOString()
  world.socket.say({ type: 'inbox', items: [mine('1', { last_seq: 9, window_until: later })], counts })
  post(desk, thread(desk))
  expect(desk.drafts.of('c-1').reply).toBe('')
})

test('The window goes by the time of the service, not by the clock of the agent’s computer.', async () => {
  const until = new Date(1_700_000_060_000).toISOString()
  const { world, desk } = await connected((answers) => (answers.about = { ...held, window_until: until }))
  const isOver = (): boolean | undefined => windowOfThread(desk, thread(desk))?.over
  world.socket.say({ ...ready, server_time: new Date(1_700_000_000_000).toISOString() })
  expect(isOver()).toBe(false)
  world.socket.say({ type: 'pong', server_time: new Date(1_700_000_061_000).toISOString() })
  expect(isOver()).toBe(true)
})

test('Where sockets are refused the service’s time comes with the lists.', async () => {
  const until = new Date(1_700_000_060_000).toISOString()
  const { world, desk } = await setUp((answers) => {
    answers.about = { ...held, window_until: until }
    answers.time = new Date(1_700_000_061_000).toISOString()
  })
  world.socket.drop()
  await world.advance(1_000)
  expect(desk.link.state).toBe('polling')
  expect(windowOfThread(desk, thread(desk))?.over).toBe(true)
})

test('A message of mine that fails elsewhere is told, with the way there; here it is seen anyway.', async () => {
  const { world, desk, address } = await connected((answers) => (answers.about = held))
  world.socket.say({ type: 'inbox', items: [mine('1'), mine('2')], counts })
  world.socket.say({ type: 'inbox', items: [mine('1', { failed: 1, last_seq: 9 })], counts })
  expect(desk.notices.shown.value).toBeNull()
  world.socket.say({ type: 'inbox', items: [mine('2', { failed: 1, last_seq: 9 })], counts })
  expect(desk.notices.shown.value?.text).toBe('A message to Customer 2 was not delivered.')
  desk.notices.shown.value?.way?.go()
  expect(address.location.pathname).toBe('/live-chat/claimed/c/c-2')
})

test('Sending again and giving up go under the claim of who holds the conversation.', async () => {
  const { world, desk } = await connected((answers) => (answers.about = held))
  redeliver(desk, thread(desk), 4, 'retry')
  redeliver(desk, thread(desk), 5, 'skip')
  await world.settle()
  expect(posted(world, '/messages/4/retry')[0]?.body).toEqual({ epoch: 2 })
  expect(posted(world, '/messages/5/skip')[0]?.body).toEqual({ epoch: 2 })
  thread(desk).takeStanding({ epoch: 9, holder: { kind: 'queue', id: null, name: null }, since: null })
  redeliver(desk, thread(desk), 4, 'retry')
  await world.settle()
  expect(posted(world, '/retry')).toHaveLength(1)
})
