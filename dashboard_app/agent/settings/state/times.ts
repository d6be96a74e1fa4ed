/** Times as livechat.yml has them: "09:00", and "09:00-17:00" for an interval. An end may be "24:00". */

const CLOCK = /^(?:[01]\d|2[0-3]):[0-5]\d$/

export const isStart = (clock: string): boolean => CLOCK.test(clock)
export const isEnd = (clock: string): boolean => clock === '24:00' || CLOCK.test(clock)

/** "9", "930", "9.30", "5pm" → "09:00", "09:30", "17:00"; what can't be a time stays as it was typed. */
export function tidyTime(typed: string): string {
  const found = /^\s*(\d{1,2})\s*(?:[:.h]?\s*(\d{2}))?\s*(am|pm)?\s*$/i.exec(typed)
  if (!found) return typed.trim()
  const [, hours = '', minutes = '00', half = ''] = found
  const twelve = half === '' ? Number(hours) : (Number(hours) % 12) + (half.toLowerCase() === 'pm' ? 12 : 0)
  const clock = `${String(twelve).padStart(2, '0')}:${minutes}`
  return isEnd(clock) ? clock : typed.trim()
}

export interface Span {
  start: string
  end: string
}

export function splitSpan(span: string): Span {
  const at = span.indexOf('-')
  return at === -1 ? { start: span, end: '' } : { start: span.slice(0, at), end: span.slice(at + 1) }
}

/** A dash within a half-typed time would be taken for the one between two times. */
export const joinSpan = ({ start, end }: Span): string =>
  `${start.replaceAll('-', '')}-${end.replaceAll('-', '')}`

/** Ends on the day after. */
export function pastMidnight({ start, end }: Span): boolean {
  return isStart(start) && isEnd(end) && end < start
}

/** What is wrong with one interval, if something is. */
export function spanProblem(start: string, end: string): string | null {
  if (!isStart(start)) return 'Expected an opening time such as 09:00.'
  if (!isEnd(end)) return 'Expected a closing time such as 17:00, or 24:00 for the day’s end.'
  return start === end ? 'Opens and closes at the same time. For the whole day use 00:00 and 24:00.' : null
}

/** The first interval that runs into another one of its day, if there is one. */
export function overlapping(spans: readonly string[]): number | null {
  const day = spans
    .map((span, index) => ({ ...splitSpan(span), index }))
    .sort((one, other) => one.start.localeCompare(other.start))
  for (const [n, after] of day.entries()) {
    const before = day[n - 1]
    if (before && (pastMidnight(before) || after.start < before.end)) return after.index
  }
  return null
}

/** Where a new interval of a day would begin: after the last one, while there is room. */
export function another(spans: readonly string[]): string {
  const last = spans.at(-1)
  if (last === undefined) return '09:00-17:00'
  const { end } = splitSpan(last)
  const hour = Number(end.slice(0, 2))
  if (!isEnd(end) || hour >= 22) return '-'
  const clock = (hours: number): string =>
    `${String(Math.min(hours, 24)).padStart(2, '0')}:${hours >= 24 ? '00' : end.slice(3)}`
  return `${clock(hour + 1)}-${clock(Math.min(hour + 4, 24))}`
}
