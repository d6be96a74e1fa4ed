import { expect, test } from 'vitest'
import { addDays, momentOf, offsetWords, wallOf, weekdayOf } from './zone'

const at = (iso: string): number => Date.parse(iso)

test.each([
  ['Europe/Berlin', '2026-11-24T22:00', '2026-11-24T21:00Z'],
  ['Europe/Berlin', '2026-07-01T09:00', '2026-07-01T07:00Z'],
  ['Asia/Kolkata', '2026-01-01T00:00', '2025-12-31T18:30Z'],
  ['America/New_York', '2026-11-24T22:00', '2026-11-25T03:00Z'],
  ['Australia/Lord_Howe', '2026-12-24T12:00', '2026-12-24T01:00Z'],
])('In %s the clock shows %s at %s.', (zone, wall, moment) => {
  expect(new Date(momentOf(zone, wall)).toISOString()).toBe(new Date(moment).toISOString())
  expect(wallOf(zone, at(moment))).toBe(wall)
})

test('A clock that comes twice is meant the first time.', () => {
  expect(momentOf('Europe/Berlin', '2026-10-25T02:30')).toBe(at('2026-10-25T00:30Z'))
})

test('A clock that is left out is a moment after the change, not before.', () => {
  expect(wallOf('Europe/Berlin', momentOf('Europe/Berlin', '2026-03-29T02:30'))).toMatch(/T0[13]:30$/)
})

test('The distance from UTC is said with its minutes.', () => {
  expect(offsetWords('Asia/Kolkata', at('2026-01-01T00:00Z'))).toBe('UTC+5:30')
  expect(offsetWords('America/New_York', at('2026-01-01T00:00Z'))).toBe('UTC−5')
  expect(offsetWords('UTC', 0)).toBe('UTC')
})

test('A zone that the browser does not know is read as UTC.', () => {
  expect(wallOf('Nowhere/Land', at('2026-01-01T10:00Z'))).toBe('2026-01-01T10:00')
})

test('Days are counted without a zone; Monday is the first.', () => {
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01')
  expect([weekdayOf('2026-11-23'), weekdayOf('2026-11-29')]).toEqual([0, 6])
})
