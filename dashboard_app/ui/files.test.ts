import { expect, test } from 'vitest'
import { fileSize, fileType, kindOf, objection } from './files'

const file = (type: string, size = 1_000) => ({ type, size })

test('What can only be refused is refused before it is sent; what may be fine is left to the service.', () => {
  expect(objection(file('image/png'), 2_000)).toBeNull()
  expect(objection(file('', 5), 2_000)).toBeNull()
  expect(objection(file('application/x-something'), 2_000)).toBeNull()
  expect(objection(file('image/png', 0), 2_000)).toBe('empty')
  expect(objection(file('image/png', 2_001), 2_000)).toBe('large')
  for (const type of ['image/svg+xml', 'image/heic', 'video/webm', 'text/html'])
    expect(objection(file(type), 2_000), type).toBe('kind')
})

test('Only what a browser shows safely is a picture.', () => {
  expect(['image/webp', 'image/svg+xml', 'application/pdf'].map(kindOf)).toEqual(['image', 'file', 'file'])
})

test('Sizes and types are told in words that people use.', () => {
  expect([900, 240_400, 2_440_000, 14_000_000].map((size) => fileSize(size, 'en'))).toEqual([
    '1 kB',
    '240 kB',
    '2.4 MB',
    '14 MB',
  ])
  expect(['Invoice 7.pdf', 'notes', 'a.b.c d', null].map(fileType)).toEqual(['PDF', '', '', ''])
})
