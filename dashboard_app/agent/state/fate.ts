import type { Bubble, Line } from './lines'
import type { Marks } from './thread'
import type { DeliveryStatus } from './wire'

/** What became of one of our messages, as it is said under it. */
export interface Fate {
  state: DeliveryStatus
  why: string | null
  twice: boolean
  missing: readonly string[]
  mailed: string | null
}

const WAY: readonly DeliveryStatus[] = ['queued', 'sent', 'delivered', 'read']

/**
 * Fates by seq. That all is well is said once for each step, under the last line that got so far; whatever waits, went
 * wrong, is in doubt, was sent again, by mail or without a file is said under its own line.
 */
export function fatesOf(lines: readonly Line[], marks: Marks): ReadonlyMap<number, Fate> {
  const fates = new Map<number, Fate>()
  let shown = 0
  for (const line of lines.toReversed()) {
    if (line.kind !== 'bubble' || !isOurs(line)) continue
    const fate = fateOf(line, marks)
    const step = WAY.indexOf(fate.state)
    const fine = step > 0 && !fate.twice && !line.delivery.again && fate.missing.length === 0 && !fate.mailed
    if (!fine || step > shown) fates.set(line.seq, fate)
    shown = Math.max(shown, step)
  }
  return fates
}

/** On the web only the reader's own lines have a fate; what the assistant says is there at once. */
function isOurs({ voice, delivery }: Bubble): boolean {
  return delivery.status === null ? voice === 'me' : voice !== 'customer'
}

function fateOf({ seq, delivery }: Bubble, marks: Marks): Fate {
  const { status, why, twice, again, missing, mailed } = delivery
  const known = status ?? 'sent'
  const step = WAY.indexOf(known)
  // Marks pass over what failed, and over what was sent again behind later messages.
  const marked = step < 0 || again ? step : Math.max(step, markedStep(seq, marks))
  return { state: WAY[marked] ?? known, why, twice, missing, mailed }
}

function markedStep(seq: number, { sent, delivered, read }: Marks): number {
  return read >= seq ? 3 : delivered >= seq ? 2 : sent >= seq ? 1 : 0
}
