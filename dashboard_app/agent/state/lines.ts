import { amend } from './amend'
import { contactOf } from './contact'
import { reactionText, stateText } from './turns'
import type { Attachment, DeliveryStatus, LogEvent } from './wire'

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
  /** What was left with it by the contact form: name, e-mail, phone. */
  contact: readonly string[]
  /** Stands under the line before it. */
  joined: boolean
  /** What it said before each edit, the oldest first. */
  earlier: readonly string[]
  deleted: boolean
  reactions: readonly Reaction[]
  delivery: Delivery
  clientId: string | null
}

export interface Reaction {
  /** Who: the actor's id, or their kind where they have none. */
  by: string
  /** Null for a customer without a name. */
  name: string | null
  sign: string
}

/** How far a message to an outside channel is known to be, without the watermarks. */
export interface Delivery {
  /** Null on the web, where the log itself is the delivery. */
  status: DeliveryStatus | null
  why: string | null
  /** There was a doubt: the customer may have it twice. */
  twice: boolean
  /** It was sent again: watermarks of later messages say nothing about it. */
  again: boolean
  /** What the channel did not take of it, and why. */
  missing: readonly string[]
  /** The address, shortened, to which it went by mail because the visitor had gone. */
  mailed: string | null
  /** The log's last seq when `status` was read. */
  upto: number
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
      addMark(lines, event, stateText(event, me))
    } else {
      const bubble = bubbles.get(event.target ?? -1)
      if (bubble) amend(bubble, event)
      else if (event.kind === 'reaction') addMark(lines, event, reactionText(event))
    }
  }
  return lines
}

function addDay(lines: Line[], at: string): void {
  const before = lines.at(-1)
  if (!before || dayOf(before.at) !== dayOf(at)) lines.push({ kind: 'day', key: `day-${dayOf(at)}`, at })
}

function addMark(lines: Line[], { seq, at }: LogEvent, text: string | null): void {
  if (text === null) return
  addDay(lines, at)
  lines.push({ kind: 'mark', key: String(seq), at, text })
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
    contact: contactOf(event.data),
    joined: before?.kind === kind && follows(before, event, voice),
    earlier: [],
    deleted: false,
    reactions: [],
    delivery: {
      ...{ status: event.status, why: null, twice: false, again: false, missing: [], mailed: null },
      upto: event.upto ?? event.seq,
    },
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
