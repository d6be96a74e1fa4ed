/** Clocks on the wall of another time zone; "2026-11-24T22:00" is such a clock, as `datetime-local` has it. */

const MINUTE_MS = 60_000

function parts(zone: string, ms: number): Record<string, string> {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  })
  return Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, value]))
}

/** What the clock shows there. A zone that the browser does not know is read as UTC. */
export function wallOf(zone: string, ms: number): string {
  try {
    const { year = '', month = '', day = '', hour = '', minute = '' } = parts(zone, ms)
    return `${year.padStart(4, '0')}-${month}-${day}T${hour}:${minute}`
  } catch {
    return new Date(ms).toISOString().slice(0, 16)
  }
}

const utc = (wall: string): number => Date.parse(`${wall}Z`)

/** Minutes by which the zone is ahead of UTC. */
export function offsetOf(zone: string, ms: number): number {
  const whole = Math.floor(ms / MINUTE_MS) * MINUTE_MS
  return (utc(wallOf(zone, whole)) - whole) / MINUTE_MS
}

/** When the clock shows this: the first time where it comes twice, the next moment there is where it is left out. */
export function momentOf(zone: string, wall: string): number {
  const [before, after] = [-1440, 1440].map((minutes) => offsetOf(zone, utc(wall) + minutes * MINUTE_MS))
  const early = utc(wall) - (before ?? 0) * MINUTE_MS
  return wallOf(zone, early) === wall ? early : utc(wall) - (after ?? 0) * MINUTE_MS
}

/** "UTC+5:30" */
export function offsetWords(zone: string, ms: number): string {
  const minutes = offsetOf(zone, ms)
  const rest = Math.abs(minutes) % 60
  const hours = Math.floor(Math.abs(minutes) / 60)
  if (minutes === 0) return 'UTC'
  return `UTC${minutes < 0 ? '−' : '+'}${hours}${rest ? `:${String(rest).padStart(2, '0')}` : ''}`
}

/** The date some days later; a date has no zone. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}

/** Monday is 0. */
export function weekdayOf(date: string): number {
  return (new Date(`${date}T00:00Z`).getUTCDay() + 6) % 7
}
