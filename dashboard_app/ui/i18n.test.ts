import { describe, expect, it } from 'vitest'
import de from '../widget/locales/de'
import en from '../widget/locales/en'
import { createI18n, type Entry } from './i18n'

const source = { hello: 'Hello {name}', news: { one: '{count} message', other: '{count} messages' } } as const
const polish = {
  hello: 'Cześć {name}',
  news: { one: '{count} wiadomość', few: '{count} wiadomości', other: '{count} wiadomości?' },
}

describe('texts', () => {
  it('fill their placeholders and choose the plural form of the language', async () => {
    const { t, use, locale } = createI18n(source, { pl: () => Promise.resolve({ default: polish }) })
    expect([t('hello', { name: 'Ana' }), t('news', { count: 1 })]).toEqual(['Hello Ana', '1 message'])
    await use(['pl-PL', 'en'])
    expect([locale(), t('news', { count: 3 })]).toEqual(['pl-PL', '3 wiadomości'])
  })

  it('stay English for a language that there is not, or that cannot be loaded', async () => {
    const { t, use, locale } = createI18n(source, { pl: () => Promise.reject(new Error('404')) })
    await use(['ja'])
    expect(locale()).toBe('en')
    await use(['pl'])
    expect(t('hello', { name: 'Ana' })).toBe('Hello Ana')
  })

  it.each(Object.entries({ de }))('of %s have the placeholders of English', (_, table) => {
    const names = (entry: Entry): string[] => (JSON.stringify(entry).match(/\{\w+\}/g) ?? []).sort()
    for (const [key, entry] of Object.entries(en)) {
      expect([...new Set(names(table[key as keyof typeof table]))], key).toEqual([...new Set(names(entry))])
    }
  })
})
