/** The days of the strip, as places on a line of 24 hours. Spans come cut at the day's ends, in the team's zone. */
import type { Day } from '../wire'

export interface Bar {
  /** Minutes since midnight, by the clock on the wall. */
  from: number
  to: number
  /** "09:00–17:00" */
  words: string
}

/** "2026-11-24T09:00:00+01:00" → 540; the clock is read as it is written, whatever the browser's zone. */
function minutesOf(iso: string, date: string): number {
  if (iso.slice(0, 10) > date) return 1440
  const [hours = 0, minutes = 0] = iso.slice(11, 16).split(':').map(Number)
  return hours * 60 + minutes
}

const clockOf = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`

export function barsOf({ date, spans }: Day): Bar[] {
  return spans.map(({ start, end }) => {
    const from = minutesOf(start, date)
    const closing = minutesOf(end, date)
    // Where the clock is put back in the middle of it, the span is as long as it lasts.
    const to = closing > from ? closing : from + (Date.parse(end) - Date.parse(start)) / 60_000
    return { from, to, words: `${clockOf(from)}–${clockOf(to)}` }
  })
}

export function hoursWords(day: Day): string {
  const bars = barsOf(day)
  if (bars.length === 0) return 'closed'
  const [first] = bars
  if (bars.length === 1 && first?.from === 0 && first.to === 1440) return 'open all day'
  return bars.map(({ words }) => words).join(', ')
}
