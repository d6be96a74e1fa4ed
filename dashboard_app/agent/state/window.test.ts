import { expect, test } from 'vitest'
import { at } from './samples'
import { windowOf } from './window'

const now = Date.parse(at(0))
const inHours = (hours: number): string => new Date(now + hours * 3_600_000).toISOString()

test('A channel without a limit has no window.', () => {
  expect([windowOf(null, now), windowOf(undefined, now)]).toEqual([null, null])
})

test('It is spoken of at the composer in its last four hours only, and over at its end.', () => {
  expect(windowOf(inHours(4), now)).toMatchObject({ closing: false, over: false })
  expect(windowOf(inHours(3.9), now)).toMatchObject({ closing: true, over: false })
  expect(windowOf(inHours(0), now)).toEqual({ left: 0, closing: false, over: true })
  expect(windowOf('1970-01-01T00:00:00.000Z', now)?.over).toBe(true)
})
