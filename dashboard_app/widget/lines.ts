/** What the log looks like on screen: a pure function of the events held and the messages not yet stored. */
import type { Unsent } from '../connection'
import type { Attachment, Button, WireEvent } from '../protocol/wire'
import { presence } from './presence'

/** What the visitor sends: a line of text, files, or both; or a button they pressed. */
export interface Written {
  text: string
  button?: string
  /** Files that are up already. */
  files?: readonly Attachment[]
}

export type Delivery = 'sending' | 'unsent' | 'refused' | 'sent'

export interface MessageLine {
  kind: 'message'
  key: string
  from: 'me' | 'bot' | 'agent'
  name: string | null
  text: string
  attachments: readonly Attachment[]
  /** Choices that can still be pressed. */
  buttons: readonly Button[]
  at: number
  /** The first of a run by the same speaker, which carries the name. */
  first: boolean
  /** Said under the message: always while it is not stored, afterwards only for the last one. */
  delivery: Delivery | null
  /** The `client_msg_id` of a message that is not stored yet. */
  unsent: string | null
}

export type Line =
  | MessageLine
  | { kind: 'system'; key: string; text: string }
  | { kind: 'joined'; key: string; name: string | null }
  | { kind: 'left'; key: string }
  | { kind: 'day'; key: string; at: number }

const RUN_MS = 5 * 60_000

export function lines(
  events: readonly WireEvent[],
  unsent: readonly Unsent<Written>[],
  reachable: boolean,
): Line[] {
  const known = new Set(events.map((event) => event.client_msg_id))
  const plain: Line[] = events.flatMap((event) => stored(event) ?? [])
  const waiting = unsent.filter((item) => !known.has(item.id)).map((item) => pending(item, reachable))
  return withRuns(withDays(settled([...plain, ...waiting], presence(events).kind === 'bot')))
}

function stored(event: WireEvent): Line | null {
  const key = event.client_msg_id ?? `e${event.seq}`
  if (event.kind === 'state') return turning(event, key)
  if (event.kind !== 'message') return null
  const { kind, name } = event.actor
  if (kind === 'system') return { kind: 'system', key, text: event.text ?? '' }
  return {
    kind: 'message',
    key,
    from: kind === 'customer' ? 'me' : kind,
    name,
    text: event.text ?? '',
    attachments: event.attachments,
    buttons: event.buttons,
    at: Date.parse(event.at),
    first: true,
    delivery: kind === 'customer' ? 'sent' : null,
    unsent: null,
  }
}

function turning(event: WireEvent, key: string): Line | null {
  if (event.state === 'claimed' || event.state === 'transferred')
    return { kind: 'joined', key, name: event.actor.kind === 'agent' ? event.actor.name : null }
  return event.state === 'resolved' ? { kind: 'left', key } : null
}

function pending(item: Unsent<Written>, reachable: boolean): MessageLine {
  const unstored = item.refused ? 'refused' : reachable ? 'sending' : 'unsent'
  return {
    kind: 'message',
    key: item.id,
    from: 'me',
    name: null,
    text: item.body.text,
    attachments: item.body.files ?? [],
    buttons: [],
    at: item.at,
    first: true,
    delivery: item.seq === undefined ? unstored : 'sent',
    unsent: item.seq === undefined ? item.id : null,
  }
}

/** Buttons go once the visitor has answered, or when the bot that would answer has given the floor away; "Sent" stays under the newest own message only. */
function settled(all: Line[], botAnswers: boolean): Line[] {
  const isMine = (line: Line): boolean => line.kind === 'message' && line.from === 'me'
  const answered = all.findLastIndex((line) => isMine(line) || line.kind === 'joined')
  const newest = all.findLastIndex(isMine)
  return all.map((line, index) => {
    if (line.kind !== 'message') return line
    const delivery = line.delivery === 'sent' && index !== newest ? null : line.delivery
    return { ...line, delivery, buttons: botAnswers && index > answered ? line.buttons : [] }
  })
}

function withDays(all: Line[]): Line[] {
  let day = ''
  return all.flatMap((line): Line[] => {
    if (line.kind !== 'message') return [line]
    const today = new Date(line.at).toDateString()
    if (today === day) return [line]
    day = today
    return [{ kind: 'day', key: `day ${today}`, at: line.at }, line]
  })
}

function withRuns(all: Line[]): Line[] {
  return all.map((line, index) => {
    const before = all[index - 1]
    if (line.kind !== 'message' || before?.kind !== 'message') return line
    const same = before.from === line.from && before.name === line.name && line.at - before.at < RUN_MS
    return { ...line, first: !same }
  })
}
