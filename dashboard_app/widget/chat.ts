/**
 * The visitor's conversation: the wiring of link, feed, outbox and session, and what the views show of it. It works
 * without a session too (the service may be away when the visitor opens the chat): what is written then waits.
 */
import {
  call,
  every,
  Feed,
  Link,
  Outbox,
  PAGE,
  Refusal,
  SETTINGS_MS,
  socketUrl,
  Unreachable,
} from '../connection'
import type { Cancel, LinkState, Ports, Shelf, Unsent } from '../connection'
import type { Events, Schemas, Sent, WireEvent } from '../protocol/wire'
import { cell } from './cell'
import { OUTBOX } from './keys'
import type { Written } from './lines'
import { Reading } from './reading'
import { StandingWatch } from './standing'
import { TypingIn, TypingOut } from './typing'
import { Visitor } from './visitor'
import { timezone } from './when'

type FromService = Schemas['ToWidget']
type Around = Schemas['VisitorState']

export interface ChatOptions {
  ports: Ports
  base: string
  /** Keeps the session over reloads. */
  shelf: Shelf
  page: string
  locale: string
}

export class Chat {
  readonly events = cell<readonly WireEvent[]>([])
  readonly unsent = cell<readonly Unsent<Written>[]>([])
  /** What was said before is on screen; what comes from here on is news. */
  readonly caughtUp = cell(false)
  /** Settings and availability as the service last said them; null before the first answer. */
  readonly around = cell<Around | null>(null)
  readonly typing: TypingIn
  readonly reading: Reading
  readonly standing: StandingWatch
  readonly ports: Ports
  readonly base: string
  readonly #visitor: Visitor
  readonly #link: Link<FromService>
  #feed: Feed
  readonly #outbox: Outbox<Written>
  readonly #typingOut: TypingOut
  #stopAsking: Cancel = () => undefined

  constructor({ ports, base, shelf, page, locale }: ChatOptions) {
    this.ports = ports
    this.base = base
    this.#visitor = new Visitor(ports, base, shelf, { page, locale, timezone: timezone() })
    this.typing = new TypingIn(ports)
    this.reading = new Reading(shelf)
    this.standing = new StandingWatch(ports)
    this.#typingOut = new TypingOut(ports, () => this.#link.send({ type: 'typing' }))
    this.#link = new Link<FromService>({
      ports,
      url: () => socketUrl(`${base}/socket`),
      hello: () => ({
        type: 'hello',
        token: this.#visitor.identity?.token ?? '',
        after: this.#feed.last,
        page,
        timezone: timezone(),
      }),
      onFrame: (frame) => this.#hear(frame),
      poll: (wait, signal) => this.#poll(wait, signal),
      onState: (state) => this.#follow(state),
    })
    this.#feed = this.#newFeed()
    this.#outbox = new Outbox<Written>({
      ports,
      key: OUTBOX,
      deliver: (item) => this.#deliver(item),
      onChange: (items) => this.#keep(items),
    })
    this.unsent.value = this.#outbox.items
  }

  start(): void {
    this.standing.update(false)
    if (this.#visitor.identity) this.#begin(null)
    else this.#visitor.make((opened) => this.#begin(opened))
  }

  stop(): void {
    this.#link.stop()
  }

  send(text: string, files?: Written['files']): void {
    this.#typingOut.rest()
    this.#outbox.add({ text, ...(files?.length && { files }) })
  }

  press(button: Schemas['Button']): void {
    this.#outbox.add({ text: button.title, button: button.key })
  }

  retry(id: string): void {
    this.#outbox.retry(id)
    this.#link.wake()
  }

  drop(id: string): void {
    this.#outbox.drop(id)
  }

  /** The visitor is writing. */
  writing(): void {
    this.#typingOut.say()
  }

  /** What proves to the service who this is. */
  get headers(): Record<string, string> {
    return this.#visitor.headers
  }

  askForPerson(id: string): Promise<Schemas['HandoverOpened']> {
    return this.#call('/handover', { client_msg_id: id })
  }

  leaveDetails(form: Sent<Schemas['ContactForm']>): Promise<Schemas['HandoverOpened']> {
    return this.#call('/contact', form)
  }

  /** How far the log was received, and how far it was on screen. May be lost: the next one says more. */
  seen(delivered: number, read: number): void {
    const body = { delivered_upto: delivered, read_upto: read }
    if (this.#link.send({ type: 'seen', ...body })) return
    if (this.#link.usable) this.#call('/seen', body).catch(() => undefined)
  }

  #call<T>(path: string, body?: unknown): Promise<T> {
    const method = body === undefined ? 'GET' : 'POST'
    return call<T>(this.ports, this.base + path, { method, body, headers: this.#visitor.headers })
  }

  #newFeed(): Feed {
    const feed: Feed = new Feed({
      range: (after, limit) => this.#call(`/events?after=${after}&limit=${limit}`),
      onEvents: (events, fresh) => {
        if (feed === this.#feed) this.#show(events, fresh)
      },
      onLost: () => this.#link.recycle(),
    })
    return feed
  }

  #show(news: WireEvent[], fresh: boolean): void {
    this.events.value = fresh ? news : [...this.events.value, ...news]
    news.forEach((event) => this.typing.hears(event.actor))
    const ids = new Set(news.map((event) => event.client_msg_id))
    this.#outbox.settle((item) => ids.has(item.id) || this.#holds(item))
  }

  /** An acknowledgement may come after its event. */
  #keep(items: readonly Unsent<Written>[]): void {
    this.unsent.value = items
    this.#outbox.settle((item) => this.#holds(item))
  }

  #holds({ seq }: Unsent<Written>): boolean {
    return seq !== undefined && seq <= this.#feed.last
  }

  #hear(frame: FromService): void {
    switch (frame.type) {
      case 'ready':
        this.around.value = frame
        this.#visitor.proven()
        break
      case 'live':
        this.caughtUp.value = true
        break
      case 'event':
        this.#feed.take(frame.event)
        break
      case 'reset':
        this.#feed.restart()
        break
      case 'typing':
        this.typing.starts(frame.actor, frame.for_ms)
        break
      case 'settings':
        this.around.value = changed(this.around.value, frame)
        break
    }
  }

  async #poll(wait: number, signal: AbortSignal): Promise<void> {
    const url = `${this.base}/events?after=${this.#feed.last}&limit=${PAGE}&wait=${wait}`
    const options = { headers: this.#visitor.headers, signal, timeoutMs: (wait + 10) * 1000 }
    this.#feed.takeRange(await call<Events>(this.ports, url, options))
    this.around.value = await this.#call<Around>('/state')
    this.caughtUp.value = true
    this.#visitor.proven()
  }

  async #askAround(): Promise<void> {
    try {
      const around = await this.#call<Around>('/state')
      if (this.#link.state === 'polling') this.around.value = around
    } catch {
      // The poll that runs beside it finds out what is wrong.
    }
  }

  async #deliver({ id, body }: Unsent<Written>): Promise<number> {
    const { text, button, files } = body
    const attachments = files?.map((file) => ({ id: file.id }))
    const message = { client_msg_id: id, ...(button ? { button } : { text: text || undefined, attachments }) }
    try {
      if (this.#link.state === 'live') return await this.#link.request({ type: 'send', ...message })
      return (await this.#call<Schemas['Accepted']>('/messages', message)).seq
    } catch (error) {
      if (!(error instanceof Refusal) || error.status !== 401) throw error
      // The session is gone, not the message: the next hello or poll finds out and makes a new one.
      this.#link.recycle()
      this.#link.wake()
      throw new Unreachable('the session ended')
    }
  }

  #follow(state: LinkState): void {
    this.standing.update(this.#link.usable)
    if (this.#link.usable) this.#outbox.open()
    else this.#outbox.close()
    this.#stopAsking()
    this.#stopAsking =
      state === 'polling' ? every(this.ports, SETTINGS_MS, () => void this.#askAround()) : () => undefined
    if (state !== 'ended') return
    this.#visitor.forget()
    if (this.#visitor.identity) this.#begin(null)
    else this.#visitor.make((opened) => this.#begin(opened))
  }

  /** Shows the visitor's conversation from its start. In a fresh one (`opened`) the buttons of another mean nothing. */
  #begin(opened: Around | null): void {
    this.#feed = this.#newFeed()
    this.around.value = opened
    this.events.value = []
    this.caughtUp.value = false
    this.reading.of(this.#visitor.identity?.conversation_id ?? '')
    const pressed = opened ? this.unsent.value.filter(({ body }) => body.button) : []
    pressed.forEach(({ id }) => this.#outbox.drop(id))
    this.#link.start()
  }
}

function changed(around: Around | null, frame: Schemas['SettingsChange']): Around | null {
  if (!around) return null
  return {
    config: frame.config ?? around.config,
    button: frame.button ?? around.button,
    form: frame.form ?? around.form,
    availability: frame.availability,
  }
}
