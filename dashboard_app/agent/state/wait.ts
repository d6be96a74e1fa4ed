/** How long a customer may wait before the chip turns: below `SOON` it is fine, from `LATE` on it is late. */
const SOON_AFTER = 2 * 60_000
const LATE_AFTER = 5 * 60_000

export type Urgency = 'fresh' | 'soon' | 'late'

export interface Wait {
  urgency: Urgency
  word: string
  /** "40s", "3m", "1h 05m" */
  time: string
}

const words: Record<Urgency, string> = { fresh: 'Waiting', soon: 'Due', late: 'Late' }

export function waitSince(since: string, now: number): Wait {
  const ms = Math.max(0, now - Date.parse(since))
  const urgency = ms < SOON_AFTER ? 'fresh' : ms < LATE_AFTER ? 'soon' : 'late'
  return { urgency, word: words[urgency], time: duration(ms) }
}

export function duration(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  if (seconds < 60) return `${seconds}s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes}m`
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return `${hours}h ${String(minutes % 60).padStart(2, '0')}m`
  return `${Math.floor(hours / 24)}d ${hours % 24}h`
}
