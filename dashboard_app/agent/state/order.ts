import type { ListName } from './route'
import type { InboxRow } from './wire'

/** A conversation may have several handovers, each a row of its own; with the bot it has none, or a contact form. */
export function keyOf(row: InboxRow): string {
  return row.handover_id ?? `bot:${row.conversation_id}`
}

export function belongs(row: InboxRow, list: ListName, me: string): boolean {
  switch (list) {
    case 'pending':
    case 'claimed':
    case 'resolved':
      return row.status === list
    case 'mine':
      return row.status === 'claimed' && row.claimed_by?.id === me
    case 'bot':
      return row.holder === 'bot' && row.status !== 'resolved'
  }
}

const time = (iso: string | null | undefined): number => (iso ? Date.parse(iso) : 0)
const spoken = (row: InboxRow): number => time(row.preview?.at ?? row.requested_at)

/** Who waits comes before who doesn't, the longest wait first; among the others the latest line first. */
function byNeed(a: InboxRow, b: InboxRow): number {
  if (a.waiting_since && b.waiting_since) return time(a.waiting_since) - time(b.waiting_since)
  if (a.waiting_since || b.waiting_since) return a.waiting_since ? -1 : 1
  return spoken(b) - spoken(a)
}

/** Pending is oldest request first, behind those that an absent agent left waiting: the service's own order. */
function byAge(a: InboxRow, b: InboxRow): number {
  return b.priority - a.priority || time(a.requested_at) - time(b.requested_at)
}

const orders: Record<ListName, (a: InboxRow, b: InboxRow) => number> = {
  pending: byAge,
  mine: byNeed,
  claimed: byNeed,
  resolved: (a, b) => time(b.resolved_at) - time(a.resolved_at),
  bot: (a, b) => spoken(b) - spoken(a),
}

/** The rows of a list in its order; equal ones by key, so that two screens show the same. */
export function arrange(rows: Iterable<InboxRow>, list: ListName, me: string): InboxRow[] {
  const order = orders[list]
  return [...rows]
    .filter((row) => belongs(row, list, me))
    .sort((a, b) => order(a, b) || keyOf(a).localeCompare(keyOf(b)))
}
