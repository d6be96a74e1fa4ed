const clockTime = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' })
const weekday = new Intl.DateTimeFormat(undefined, { weekday: 'long' })
const date = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'short' })

const DAY_MS = 86_400_000

export const timeOf = (iso: string): string => clockTime.format(new Date(iso))
export const fullTime = (iso: string): string => full.format(new Date(iso))

/** "Today", "Yesterday", "Thursday", "12 Nov" */
export function dayName(iso: string, now: number): string {
  const days = Math.round((startOfDay(now) - startOfDay(Date.parse(iso))) / DAY_MS)
  if (days <= 0) return 'Today'
  if (days === 1) return 'Yesterday'
  return days < 7 ? weekday.format(new Date(iso)) : date.format(new Date(iso))
}

/** For a line of a list: the time today, else the day. */
export function shortWhen(iso: string, now: number): string {
  const day = dayName(iso, now)
  return day === 'Today' ? timeOf(iso) : day
}

function startOfDay(ms: number): number {
  return new Date(ms).setHours(0, 0, 0, 0)
}
