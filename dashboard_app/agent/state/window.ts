/** WhatsApp takes our messages only for a day after the customer's last one: how much of that is left. */
export interface Window {
  /** Milliseconds that are left; 0 when it is over. */
  left: number
  /** Little enough to say so where one writes. */
  closing: boolean
  over: boolean
}

const CLOSING_MS = 4 * 3_600_000

/** Null where a channel has no such limit. */
export function windowOf(until: string | null | undefined, now: number): Window | null {
  if (!until) return null
  const left = Math.max(0, Date.parse(until) - now)
  return { left, closing: left > 0 && left < CLOSING_MS, over: left === 0 }
}
