import { expect, test } from 'vitest'
import { another, joinSpan, overlapping, pastMidnight, spanProblem, splitSpan, tidyTime } from './times'

test.each([
  ['9', '09:00'],
  ['930', '09:30'],
  [' 9.30 ', '09:30'],
  ['17h15', '17:15'],
  ['5pm', '17:00'],
  ['12 am', '00:00'],
  ['24', '24:00'],
  ['25', '25'],
  ['9:7', '9:7'],
  ['noon', 'noon'],
])('"%s" is meant as "%s".', (typed, meant) => {
  expect(tidyTime(typed)).toBe(meant)
})

test('An interval comes apart and together again, also half typed.', () => {
  expect(splitSpan('22:00-06:00')).toEqual({ start: '22:00', end: '06:00' })
  expect(splitSpan('22')).toEqual({ start: '22', end: '' })
  expect(joinSpan({ start: '9-', end: '' })).toBe('9-')
})

test('An end before the start is on the next day.', () => {
  expect(pastMidnight({ start: '22:00', end: '06:00' })).toBe(true)
  expect(pastMidnight({ start: '09:00', end: '24:00' })).toBe(false)
  expect(pastMidnight({ start: '9', end: '06:00' })).toBe(false)
})

test('What an interval lacks is said.', () => {
  expect(spanProblem('9', '17:00')).toContain('opening')
  expect(spanProblem('09:00', '24:30')).toContain('closing')
  expect(spanProblem('09:00', '09:00')).toContain('whole day')
  expect(spanProblem('22:00', '06:00')).toBeNull()
})

test('Intervals that overlap are found, in whatever order they stand.', () => {
  expect(overlapping(['13:00-17:00', '09:00-12:00'])).toBeNull()
  expect(overlapping(['09:00-13:30', '13:00-17:00'])).toBe(1)
  expect(overlapping(['22:00-06:00', '23:00-24:00'])).toBe(1)
})

test('The next interval begins after the last one, while there is room.', () => {
  expect(another([])).toBe('09:00-17:00')
  expect(another(['09:00-12:00'])).toBe('13:00-16:00')
  expect(another(['09:00-21:30'])).toBe('22:30-24:00')
  expect(another(['09:00-24:00'])).toBe('-')
})
