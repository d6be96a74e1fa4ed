import { t } from './texts'

const DAY_MS = 86_400_000

function startOfDay(ms: number): number {
  return new Date(ms).setHours(0, 0, 0, 0)
}

export function clock(ms: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' }).format(ms)
}

export function dayName(ms: number, now: number, locale: string): string {
  const days = Math.round((startOfDay(now) - startOfDay(ms)) / DAY_MS)
  if (days === 0) return t('today')
  if (days === 1) return t('yesterday')
  return new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long' }).format(ms)
}

/** "09:00" today, "Tuesday 09:00" within the week, otherwise with the date. */
export function opening(iso: string, now: number, locale: string): string {
  const at = Date.parse(iso)
  const days = Math.round((startOfDay(at) - startOfDay(now)) / DAY_MS)
  if (days === 0) return clock(at, locale)
  const date: Intl.DateTimeFormatOptions =
    days < 7 ? { weekday: 'long' } : { weekday: 'long', day: 'numeric', month: 'long' }
  return new Intl.DateTimeFormat(locale, { ...date, hour: '2-digit', minute: '2-digit' }).format(at)
}

/** The visitor's own, as an IANA name: the service says opening times in it too. */
export function timezone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone
}
