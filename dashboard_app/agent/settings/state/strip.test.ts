import { expect, test } from 'vitest'
import { barsOf, hoursWords } from './strip'

const day = (...spans: [string, string][]) => ({
  date: '2026-11-24',
  name: null,
  spans: spans.map(([start, end]) => ({ start: `2026-11-${start}+01:00`, end: `2026-11-${end}+01:00` })),
})

test('A span is read by the clock of the team, and ends at midnight at the latest.', () => {
  expect(barsOf(day(['24T09:00:00', '24T17:30:00'], ['24T22:00:00', '25T00:00:00']))).toEqual([
    { from: 540, to: 1050, words: '09:00–17:30' },
    { from: 1320, to: 1440, words: '22:00–24:00' },
  ])
})

test('A span that ends when the clock is put back is not turned round.', () => {
  const spans = [
    { start: '2026-10-25T02:30:00+02:00', end: '2026-10-25T02:00:00+01:00' },
    { start: '2026-10-25T02:30:00+01:00', end: '2026-10-25T05:00:00+01:00' },
  ]
  expect(barsOf({ date: '2026-10-25', name: null, spans }).map(({ words }) => words)).toEqual([
    '02:30–03:00',
    '02:30–05:00',
  ])
})

test('A day is also said in words.', () => {
  expect(hoursWords(day())).toBe('closed')
  expect(hoursWords(day(['24T00:00:00', '25T00:00:00']))).toBe('open all day')
  expect(hoursWords(day(['24T09:00:00', '24T12:00:00'], ['24T13:00:00', '24T17:00:00']))).toBe(
    '09:00–12:00, 13:00–17:00',
  )
})
