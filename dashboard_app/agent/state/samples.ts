import type { Conversation, Customer, InboxRow, LogEvent } from './wire'

/** A time on the morning of the tests. */
export const at = (minute: number, second = 0): string =>
  new Date(Date.UTC(2026, 10, 23, 10, minute, second)).toISOString()

export const me = { id: 'a-sam', name: 'Sam Ortega' }
export const priya = { id: 'a-priya', name: 'Priya Raman' }

function customer(id: string): Customer {
  return {
    id: `v-${id}`,
    name: `Customer ${id}`,
    username: null,
    email: null,
    phone: null,
    locale: null,
    page: null,
  }
}

export function row(id: string, more: Partial<InboxRow> = {}): InboxRow {
  return {
    conversation_id: `c-${id}`,
    handover_id: `h-${id}`,
    status: 'pending',
    outcome: null,
    trigger: 'button',
    reason: null,
    channel: 'web',
    account: 'shop',
    customer: customer(id),
    preview: { actor: 'customer', name: null, text: 'Hello?', at: at(0) },
    requested_at: at(0),
    waiting_since: at(0),
    claimed_by: null,
    claimed_at: null,
    resolved_at: null,
    unread: 1,
    priority: 0,
    away: false,
    offered: false,
    failed: 0,
    window_until: null,
    holder: 'queue',
    epoch: 1,
    last_seq: 5,
    ...more,
  }
}

export function mine(id: string, more: Partial<InboxRow> = {}): InboxRow {
  return row(id, {
    status: 'claimed',
    holder: 'agent',
    claimed_by: me,
    claimed_at: at(1),
    epoch: 2,
    last_seq: 6,
    ...more,
  })
}

export function said(seq: number, more: Partial<LogEvent> = {}): LogEvent {
  return {
    seq,
    prev: seq - 1,
    kind: 'message',
    actor: { kind: 'customer', id: 'v-1', name: 'Anna' },
    at: at(0, seq),
    text: `line ${seq}`,
    buttons: [],
    attachments: [],
    status: null,
    client_msg_id: null,
    target: null,
    state: null,
    handover_id: null,
    epoch: null,
    data: null,
    ...more,
  }
}

export function conversation(id: string, more: Partial<Conversation> = {}): Conversation {
  return {
    id: `c-${id}`,
    channel: 'web',
    account: 'shop',
    holder: { kind: 'queue', id: null, name: null },
    since: null,
    epoch: 1,
    last_seq: 5,
    customer: row(id).customer,
    handover: row(id),
    card: {
      rule: 'request',
      reason: null,
      confidence: null,
      ranking: [],
      intents: [],
      slots: [],
      missing_slots: [],
      active_form: null,
      failed_turns: [],
    },
    sent_upto: 0,
    delivered_upto: 0,
    read_upto: 0,
    team_read_upto: 0,
    window_until: null,
    blocked: false,
    ...more,
  }
}
