import { expect, test } from 'vitest'
import { differences, get, put, rebase, same, withoutEmptyLanguages } from './document'

const base = {
  plan: 'pro',
  live_chat: { enabled: true, message_threshold: 3 },
  messages: { handover: 'Soon.', translations: { de: { handover: 'Gleich.', greeting: null } } },
  business_hours: {
    weekly: { mon: ['09:00-12:00', '13:00-17:00'] },
    exceptions: [{ date: '2026-12-24', open: [] }],
  },
}

test('A key of livechat.yml leads to its value, also within lists.', () => {
  expect(get(base, 'business_hours.weekly.mon[1]')).toBe('13:00-17:00')
  expect(get(base, 'business_hours.exceptions[0].date')).toBe('2026-12-24')
  expect(get(base, 'business_hours.weekly.sun[0]')).toBeUndefined()
})

test('A change leaves what was there as it was.', () => {
  const changed = put(base, 'business_hours.weekly.mon[1]', '14:00-18:00')
  expect(get(changed, 'business_hours.weekly.mon')).toEqual(['09:00-12:00', '14:00-18:00'])
  expect(get(base, 'business_hours.weekly.mon[1]')).toBe('13:00-17:00')
  expect(put(base, 'business_hours.weekly.sun', [])).toMatchObject({
    business_hours: { weekly: { sun: [] } },
  })
})

test('The last text of a language takes the language with it.', () => {
  expect(get(put(base, 'messages.translations.de.handover', undefined), 'messages.translations')).toEqual({})
  expect(get(put(base, 'messages.translations.fr.handover', 'Vite.'), 'messages.translations.fr')).toEqual({
    handover: 'Vite.',
  })
})

test('A language without a text stays on the page, and is not saved.', () => {
  const added = put(put(base, 'messages.translations.fr', {}), 'messages.translations.de.handover', null)
  expect(Object.keys(get(added, 'messages.translations') as object)).toEqual(['de', 'fr'])
  expect(get(withoutEmptyLanguages(added), 'messages.translations')).toEqual({})
})

test('No value and null are the same; order in a mapping does not count, in a list it does.', () => {
  expect(same({ a: null, b: 1 }, { b: 1 })).toBe(true)
  expect(same(['a', 'b'], ['b', 'a'])).toBe(false)
  expect(same([], null)).toBe(false)
})

test('What is changed and changed back is no difference.', () => {
  const changed = put(put(base, 'plan', 'free'), 'live_chat.message_threshold', 0)
  expect(differences(base, changed)).toEqual([
    { key: 'plan', before: 'pro', after: 'free' },
    { key: 'live_chat.message_threshold', before: 3, after: 0 },
  ])
  expect(differences(base, put(put(changed, 'plan', 'pro'), 'live_chat.message_threshold', 3))).toEqual([])
})

test('What two people wrote at different places is both kept; at the same place, mine.', () => {
  const mine = put(put(base, 'messages.handover', 'Mine.'), 'live_chat.enabled', false)
  const theirs = put(put(base, 'messages.handover', 'Theirs.'), 'live_chat.message_threshold', 1)
  const merged = rebase(mine, base, theirs)
  expect(get(merged, 'messages.handover')).toBe('Mine.')
  expect(get(merged, 'live_chat')).toEqual({ enabled: false, message_threshold: 1 })
})

test('What I took away stays away.', () => {
  const mine = put(base, 'messages.translations.de', undefined)
  expect(get(rebase(mine, base, put(base, 'plan', 'free')), 'messages.translations')).toEqual({})
})
