import { expect, test } from 'vitest'
import { put } from './document'
import { problemsOf, sentence } from './problems'
import { defaults } from '../samples'

test('The defaults have no problem.', () => {
  expect(problemsOf(defaults)).toEqual({})
})

test.each([
  ['live_chat.message_threshold', 1.5],
  ['live_chat.message_threshold', -1],
  ['live_chat.message_threshold', 1001],
  ['live_chat.message_threshold', 'many'],
  ['messages.handover', '  '],
  ['messages.handover', 'x'.repeat(2001)],
  ['messages.handover', 'Back at {next_opening}.'],
  ['messages.out_of_hours', 'Hello {name}'],
  ['messages.talk_to_human', 'Speak with a real person'],
  ['messages.translations.de.handover', ' '],
  ['business_hours.start', '9'],
  ['business_hours.end', '25:00'],
  ['business_hours.end', '09:00'],
  ['business_hours.timezone', ''],
])('%s can not be %j.', (key, value) => {
  expect(Object.keys(problemsOf(put(defaults, key, value)))).toEqual([key])
})

test.each([
  ['messages.greeting', ''],
  ['messages.out_of_hours', 'Closed. Back {next_opening}.'],
  ['messages.translations.de.handover', null],
  ['business_hours.end', '24:00'],
  ['business_hours.end', '06:00'],
  ['messages.talk_to_human', 'Talk to a human 👋👋👋'],
])('%s can be %j.', (key, value) => {
  expect(problemsOf(put(defaults, key, value))).toEqual({})
})

test('An interval that is wrong is named with its place in the day.', () => {
  const week = put(defaults, 'business_hours.weekly.mon', ['09:00-12:00', '13:00'])
  expect(Object.keys(problemsOf(week))).toEqual(['business_hours.weekly.mon[1]'])
  const overlap = put(defaults, 'business_hours.weekly.mon', ['09:00-13:00', '12:00-14:00'])
  expect(Object.keys(problemsOf(overlap))).toEqual(['business_hours.weekly.mon[1]'])
})

test('A special day needs a date of its own and proper hours.', () => {
  const day = { date: '2026-12-24', open: ['9'], name: '' }
  const found = problemsOf(put(defaults, 'business_hours.exceptions', [day, { ...day, open: [] }]))
  expect(Object.keys(found)).toEqual([
    'business_hours.exceptions[0].open[0]',
    'business_hours.exceptions[1].date',
  ])
})

test('The words of the service become a sentence.', () => {
  expect(sentence('expected a time')).toBe('Expected a time.')
  expect(sentence('found (“x”)')).toBe('Found (“x”)')
})
