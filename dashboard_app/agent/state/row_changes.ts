import { customerName } from './names'
import type { Desk } from './desk'
import type { InboxRow } from './wire'

/** What a changed row of a list means for the rest of the desk. */
export function rowChanged(desk: Desk, before: InboxRow | undefined, now: InboxRow): void {
  desk.threads.get(now.conversation_id)?.takeRow(now)
  watchLoss(desk, before, now)
  const { pending, mine } = desk.inbox.lists.peek()
  if (!pending.loaded || !mine.loaded) return
  desk.alerts.notice(before, now)
  warnOfFailure(desk, before, now)
}

/** Somebody took what this agent was looking at, before they had pressed anything. */
function watchLoss(desk: Desk, before: InboxRow | undefined, now: InboxRow): void {
  const id = now.conversation_id
  const open = desk.threads.current.peek()?.id === id && desk.claiming.of(id).step === 'idle'
  const taken = before?.status === 'pending' && now.status === 'claimed'
  if (open && taken && now.claimed_by) desk.claiming.lose(id, now.claimed_by, now.claimed_at)
}

/** A customer of mine did not get something, and I am looking elsewhere. */
function warnOfFailure(desk: Desk, before: InboxRow | undefined, now: InboxRow): void {
  const mine = now.status === 'claimed' && now.claimed_by?.id === desk.agent.id
  if (!mine || now.failed <= (before?.failed ?? now.failed) || desk.reading.looksAt(now.conversation_id))
    return
  const go = (): void => desk.parts.router.go({ list: 'mine', conversation: now.conversation_id })
  desk.notices.show(`A message to ${customerName(now.customer)} was not delivered.`, { name: 'Show', go })
}
