import type { Holder, InboxRow, LogEvent } from './wire'

/**
 * Who holds a conversation, as of an epoch. Every change of hands takes a new epoch, so of two reports the one with the
 * higher epoch is right, whatever order they come in and whichever way they came.
 */
export interface Standing {
  epoch: number
  holder: Holder
  since: string | null
}

const nobody = (kind: 'bot' | 'queue'): Holder => ({ kind, id: null, name: null })

/** A contact form waits while the bot keeps the floor. */
const isForm = (data: LogEvent['data']): boolean =>
  ((data ?? {}) as { trigger?: unknown }).trigger === 'contact_form'

export const unheld: Standing = { epoch: -1, holder: nobody('bot'), since: null }

export function newer(held: Standing, reported: Standing): Standing {
  return reported.epoch > held.epoch ? reported : held
}

/** An ended handover's row doesn't know who holds its conversation by now. */
export function ofRow(row: InboxRow): Standing {
  if (row.holder !== 'agent') return { epoch: row.epoch, holder: nobody(row.holder), since: null }
  if (row.status !== 'claimed' || !row.claimed_by) return unheld
  return { epoch: row.epoch, holder: { kind: 'agent', ...row.claimed_by }, since: row.claimed_at }
}

/** What a state event says of the holder; null when it doesn't (a transfer names the new one elsewhere). */
export function ofEvent({ state, epoch, actor, at, data }: LogEvent): Standing | null {
  if (!state || epoch === null) return null
  switch (state) {
    case 'claimed':
    case 'reopened':
      return { epoch, holder: { kind: 'agent', id: actor.id, name: actor.name }, since: at }
    case 'requested':
      return { epoch, holder: nobody(isForm(data) ? 'bot' : 'queue'), since: null }
    case 'requeued':
    case 'released':
      return { epoch, holder: nobody('queue'), since: null }
    case 'resolved':
    case 'offered':
    case 'ended':
      return { epoch, holder: nobody('bot'), since: null }
    case 'away':
    case 'back':
    case 'transferred':
    case 'blocked':
    case 'unblocked':
      return null
  }
}
