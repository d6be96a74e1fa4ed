import { expect, test } from 'vitest'
import { nameOf, regionWords, valueWords } from './words'

test.each([
  ['live_chat.message_threshold', 'Message threshold'],
  ['messages.handover', 'Handover system message'],
  ['messages.translations.de.handover', 'Handover system message (German)'],
  ['messages.translations.pt-BR.greeting', 'Greeting (Brazilian Portuguese)'],
  ['business_hours.weekly.mon', 'Hours on Monday'],
  ['business_hours.weekly.mon[1]', 'Hours on Monday, 2.'],
  ['business_hours.exceptions[0].open[0]', 'Special days, 1.'],
  ['something.new', 'something.new'],
])('%s is called "%s".', (key, name) => {
  expect(nameOf(key)).toBe(name)
})

test.each([
  ['live_chat.enabled', true, 'on'],
  ['live_chat.message_threshold', 3, '3'],
  ['claims.lease_seconds', 45, '45 s'],
  ['business_hours.holidays.region', null, '–'],
  ['business_hours.weekly.mon', ['09:00-12:00', '13:00-17:00'], '09:00–12:00, 13:00–17:00'],
  ['business_hours.weekly.sat', [], 'closed'],
  ['widget.sites', [], 'none'],
  ['messages.handover', 'Soon-ish.', 'Soon-ish.'],
])('%s: %j reads "%s".', (key, value, words) => {
  expect(valueWords(key, value)).toBe(words)
})

test('Special days are read with date, name and hours.', () => {
  const days = [
    { date: '2026-12-24', open: ['09:00-12:00'], name: '' },
    { date: '2026-12-25', open: [], name: 'Christmas' },
  ]
  const words = valueWords('business_hours.exceptions', days)
  expect(words).toMatch(/24.*: 09:00–12:00; .*25.* Christmas: closed/)
})

test.each([
  ['BW', 'Baden-Württemberg', 'BW – Baden-Württemberg'],
  ['Zone A', 'Zone A', 'Zone A'],
  ['Stadt Zurich', 'Stadt Zürich', 'Stadt Zürich'],
])('The region %s, %s, is offered as "%s".', (code, name, words) => {
  expect(regionWords(code, name)).toBe(words)
})
