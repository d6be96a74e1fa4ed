import { personIn, type Attachment, type LogEvent } from './wire'

/** Lines of one voice that follow within this time stand together under one name. */
const GROUP_MS = 5 * 60_000

export type Voice = 'customer' | 'assistant' | 'me' | 'colleague' | 'system'

export interface Bubble {
  kind: 'bubble' | 'note'
  key: string
  seq: number
  at: string
  voice: Voice
  name: string
  text: string
  choices: readonly string[]
  attachments: readonly Attachment[]
  /** Stands under the line before it. */
  joined: boolean
  edited: boolean
  deleted: boolean
  /** What went wrong on the way to the customer. */
  trouble: 'failed' | 'unknown' | null
  clientId: string | null
}

export interface Mark {
  kind: 'mark'
  key: string
  at: string
  text: string
}

export interface Day {
  kind: 'day'
  key: string
  at: string
}

export type Line = Bubble | Mark | Day

export interface Reader {
  id: string
}

/** A conversation's log as the lines on screen: later events (edits, deliveries) are folded into what they speak of. */
export function linesOf(events: readonly LogEvent[], me: Reader): Line[] {
  const lines: Line[] = []
  const bubbles = new Map<number, Bubble>()
  for (const event of events) {
    if (event.kind === 'message' || event.kind === 'note') {
      addDay(lines, event.at)
      const bubble = bubbleOf(event, me, lines.at(-1))
      bubbles.set(event.seq, bubble)
      lines.push(bubble)
    } else if (event.kind === 'state') {
      const text = stateText(event, me)
      if (text === null) continue
      addDay(lines, event.at)
      lines.push({ kind: 'mark', key: String(event.seq), at: event.at, text })
    } else {
      amend(bubbles.get(event.target ?? -1), event)
    }
  }
  return lines
}

function addDay(lines: Line[], at: string): void {
  const before = lines.at(-1)
  if (!before || dayOf(before.at) !== dayOf(at)) lines.push({ kind: 'day', key: `day-${dayOf(at)}`, at })
}

const dayOf = (iso: string): string => new Date(iso).toDateString()

function bubbleOf(event: LogEvent, me: Reader, before: Line | undefined): Bubble {
  const voice = voiceOf(event, me)
  const kind = event.kind === 'note' ? 'note' : 'bubble'
  return {
    kind,
    key: String(event.seq),
    seq: event.seq,
    at: event.at,
    voice,
    name: nameOf(event, voice),
    text: event.text ?? '',
    choices: event.buttons.map((button) => button.title),
    attachments: event.attachments,
    joined: before?.kind === kind && follows(before, event, voice),
    edited: false,
    deleted: false,
    trouble: event.status === 'failed' || event.status === 'unknown' ? event.status : null,
    clientId: event.client_msg_id,
  }
}

function follows(before: Bubble, event: LogEvent, voice: Voice): boolean {
  const near = Date.parse(event.at) - Date.parse(before.at) < GROUP_MS
  return near && before.voice === voice && before.name === nameOf(event, voice)
}

function voiceOf({ actor }: LogEvent, me: Reader): Voice {
  switch (actor.kind) {
    case 'customer':
    case 'system':
      return actor.kind
    case 'bot':
      return 'assistant'
    case 'agent':
      return actor.id === me.id ? 'me' : 'colleague'
  }
}

function nameOf({ actor }: LogEvent, voice: Voice): string {
  if (voice === 'me') return 'You'
  if (voice === 'assistant') return 'Assistant'
  if (voice === 'system') return 'Automatic message'
  return actor.name ?? (voice === 'customer' ? 'Customer' : 'Colleague')
}

function amend(bubble: Bubble | undefined, event: LogEvent): void {
  if (!bubble) return
  if (event.kind === 'delivery') {
    bubble.trouble = event.status === 'failed' || event.status === 'unknown' ? event.status : null
  } else if (event.kind === 'edit') {
    bubble.text = event.text ?? bubble.text
    bubble.edited = true
  } else if (event.kind === 'delete') {
    bubble.deleted = true
    bubble.text = ''
  }
}

/** The divider that a change of state draws; null for those that need none. */
function stateText(event: LogEvent, me: Reader): string | null {
  const { trigger, agent, to } = (event.data ?? {}) as { trigger?: unknown; agent?: unknown; to?: unknown }
  // The service itself notices that somebody is away: then the event is its own and names them.
  const { id, name } = personIn(agent) ?? event.actor
  const mine = id === me.id
  const who = mine ? 'You' : (name ?? 'The team')
  switch (event.state) {
    case 'requested':
      return requestText(trigger, event.actor)
    case 'claimed':
      return `${who} took over`
    case 'away':
      return `${who} ${mine ? 'were' : 'was'} away`
    case 'back':
    case null:
      return null
    case 'requeued':
      return `Back in the queue: ${who === 'You' ? 'you were' : `${who} was`} away`
    case 'released':
      return `${who} put this back in the queue`
    case 'transferred':
      return `${who} passed this on to ${personIn(to)?.name ?? 'a colleague'}`
    case 'resolved':
      return `${who} resolved this`
    case 'reopened':
      return `${who} reopened this`
    case 'ended':
      return 'The handover ended'
    case 'blocked':
      return `${customerOf(event.actor)} blocked this chat`
    case 'unblocked':
      return `${customerOf(event.actor)} unblocked this chat`
  }
}

function requestText(trigger: unknown, actor: LogEvent['actor']): string {
  if (trigger === 'contact_form') return 'A message was left for the team'
  if (trigger === 'bot') return 'The assistant asked for a person'
  if (trigger === 'agent') return 'A person stepped in'
  return `${customerOf(actor)} asked for a person`
}

function customerOf({ kind, name }: LogEvent['actor']): string {
  return (kind === 'customer' ? name : null) ?? 'The customer'
}
