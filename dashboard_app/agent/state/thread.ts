import { batch, computed, signal, type ReadonlySignal } from '@preact/signals'
import { Feed } from '../../connection/feed'
import { Refusal } from '../../connection/http'
import { isSentAgain } from './amend'
import type { Clock } from './clock'
import { newer, ofEvent, ofRow, unheld, type Standing } from './standing'
import type { Conversation, Events, InboxRow, LogEvent } from './wire'

/** So many of the latest events are read at first; earlier ones when the agent scrolls up. */
const PAGE = 200
/** The card is drawn by Rasa in the background: so often, and so many times, it is asked for again. */
const CARD_EVERY = 3_000
const CARD_TRIES = 10
/** A message that was sent again is looked up so often; each time after twice as long. */
const LOOKS = 8
const FIRST_LOOK = 1_000

export interface ThreadParts {
  clock: Clock
  read: (id: string) => Promise<Conversation>
  range: (id: string, after: number, limit: number) => Promise<Events>
  /** A line of the log was seen. */
  onEvent: (event: LogEvent) => void
  /** Something is missing in the log and can't be had: the connection must resume. */
  onLost: () => void
}

export type Stage = 'loading' | 'ready' | 'missing' | 'failed'

export interface Marks {
  sent: number
  delivered: number
  read: number
}

export type MarksReported = Pick<Conversation, 'sent_upto' | 'delivered_upto' | 'read_upto'>

/** One conversation as this screen holds it: its present state, its log and who is typing. */
export class Thread {
  readonly stage = signal<Stage>('loading')
  readonly about = signal<Conversation | null>(null)
  readonly events = signal<readonly LogEvent[]>([])
  readonly standing = signal<Standing>(unheld)
  readonly marks = signal<Marks>({ sent: 0, delivered: 0, read: 0 })
  readonly typing = signal<string | null>(null)
  /** The seq behind which the log is held; 0 when all of it is. */
  readonly start = signal(0)
  /** The highest seq that has been on this agent's screen. */
  readonly seen = signal(0)
  readonly cardOnItsWay: ReadonlySignal<boolean>

  private feed: Feed | null = null
  private stopTyping: () => void = () => undefined
  private opening: Promise<void> | null = null
  private refreshing = false
  private readonly cardTries = signal(0)

  constructor(
    readonly id: string,
    private readonly parts: ThreadParts,
  ) {
    this.cardOnItsWay = computed(() => {
      const { card = null, handover = null } = this.about.value ?? {}
      const awaited = handover !== null && handover.status !== 'resolved' && handover.trigger !== 'agent'
      return awaited && card === null && this.cardTries.value < CARD_TRIES
    })
  }

  get last(): number {
    return this.feed?.last ?? 0
  }

  get loaded(): boolean {
    return this.feed !== null
  }

  /** Reads the present state and the latest part of the log, in place of what is held. */
  open(): Promise<void> {
    this.opening ??= this.read().finally(() => (this.opening = null))
    return this.opening
  }

  async loadEarlier(): Promise<void> {
    const from = Math.max(0, this.start.peek() - PAGE)
    const { events } = stamped(await this.parts.range(this.id, from, PAGE))
    const first = this.events.peek()[0]?.seq ?? Infinity
    batch(() => {
      this.events.value = [...events.filter((event) => event.seq < first), ...this.events.peek()]
      this.start.value = from
    })
  }

  /** The present state again: after a change of hands, or while the card is awaited. */
  async refresh(): Promise<void> {
    if (this.refreshing) return
    this.refreshing = true
    try {
      this.takeConversation(await this.parts.read(this.id))
    } catch {
      // The next change asks again.
    } finally {
      this.refreshing = false
    }
  }

  takeEvent(event: LogEvent): void {
    this.feed?.take(event)
  }

  takeRange(range: Events): void {
    this.feed?.takeRange(stamped(range))
  }

  takeMarks({ sent_upto, delivered_upto, read_upto }: MarksReported): void {
    const { sent, delivered, read } = this.marks.peek()
    this.marks.value = {
      sent: Math.max(sent, sent_upto),
      delivered: Math.max(delivered, delivered_upto),
      read: Math.max(read, read_upto),
    }
  }

  takeTyping(name: string, forMs: number): void {
    this.stopTyping()
    this.typing.value = name
    this.stopTyping = this.parts.clock.after(forMs, () => (this.typing.value = null))
  }

  takeStanding(reported: Standing): void {
    this.standing.value = newer(this.standing.peek(), reported)
  }

  takeRow(row: InboxRow): void {
    this.takeStanding(ofRow(row))
    const about = this.about.peek()
    const current = about?.handover
    const newest = !current || row.epoch >= current.epoch
    if (!about || !newest) return
    const { window_until } = row
    this.about.value = { ...about, window_until, ...(row.handover_id !== null && { handover: row }) }
  }

  private async read(): Promise<void> {
    if (!this.loaded) this.stage.value = 'loading'
    try {
      const about = await this.parts.read(this.id)
      this.restart(Math.max(0, about.last_seq - PAGE))
      this.takeConversation(about)
      this.seen.value = about.team_read_upto
      this.takeRange(await this.parts.range(this.id, this.last, PAGE))
      this.stage.value = 'ready'
    } catch (failure) {
      const missing = failure instanceof Refusal && failure.code === 'not_found'
      this.stage.value = missing ? 'missing' : 'failed'
    }
  }

  private restart(after: number): void {
    this.start.value = after
    this.events.value = []
    this.feed = new Feed(
      {
        range: async (from, limit) => stamped(await this.parts.range(this.id, from, limit)),
        onEvents: (events, fresh) => this.append(events, fresh),
        onLost: () => this.parts.onLost(),
      },
      after,
    )
  }

  private append(events: readonly LogEvent[], fresh: boolean): void {
    batch(() => {
      this.events.value = fresh ? [...events] : [...this.events.peek(), ...events]
      for (const event of events) this.note(event)
    })
    if (this.stage.peek() === 'ready' && events.some((event) => this.turns(event))) void this.refresh()
  }

  /** After it the conversation's present state is another: who holds it, or until when one may write. */
  private turns({ kind, actor }: LogEvent): boolean {
    const limited = Boolean(this.about.peek()?.window_until)
    return kind === 'state' || (limited && kind === 'message' && actor.kind === 'customer')
  }

  private note(event: LogEvent): void {
    const standing = ofEvent(event)
    if (standing) this.takeStanding(standing)
    if (event.kind === 'message' && event.actor.kind === 'customer') this.endTyping()
    if (event.kind === 'delivery' && isSentAgain(event.status, event.text)) this.followAgain(event)
    this.parts.onEvent(event)
  }

  /** Sent again: marks of later messages say nothing about it, so it is read until it has got somewhere. */
  private followAgain({ seq, target }: LogEvent): void {
    const about = this.events.peek().find((event) => event.seq === target)
    if (about && (about.status === 'queued' || seq > (about.upto ?? about.seq))) this.look(about.seq, 0)
  }

  private look(seq: number, looks: number): void {
    if (looks < LOOKS) this.parts.clock.after(FIRST_LOOK << looks, () => void this.readAgain(seq, looks))
  }

  private async readAgain(seq: number, looks: number): Promise<void> {
    const found = await this.parts.range(this.id, seq - 1, 1).then(stamped, () => null)
    const event = found?.events.find((each) => each.seq === seq)
    if (event) this.events.value = this.events.peek().map((each) => (each.seq === seq ? event : each))
    if (!event || event.status === 'queued') this.look(seq, looks + 1)
  }

  private endTyping(): void {
    this.stopTyping()
    this.typing.value = null
  }

  private takeConversation(about: Conversation): void {
    batch(() => {
      this.about.value = about
      this.takeStanding({ epoch: about.epoch, holder: about.holder, since: about.since })
      this.takeMarks(about)
    })
    this.awaitCard()
  }

  private awaitCard(): void {
    if (!this.cardOnItsWay.peek()) return
    this.cardTries.value += 1
    this.parts.clock.after(CARD_EVERY, () => void this.refresh())
  }
}

function stamped(range: Events): Events {
  const events: LogEvent[] = range.events.map((event) => ({ ...event, upto: range.last_seq }))
  return { ...range, events }
}
