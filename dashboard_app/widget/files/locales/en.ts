const en = {
  picture: 'Picture',
  file: 'File',
  notShown: 'Can’t be shown here',
  attach: 'Attach a file',
  uploading: 'Sending {name}',
  remove: 'Remove {name}',
  empty: 'This file is empty.',
  large: 'Larger than {size}.',
  kind: 'Files of this kind are not taken.',
  line: 'It did not get through.',
} as const

export default en
