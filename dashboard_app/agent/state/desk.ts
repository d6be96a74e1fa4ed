import { batch, computed, effect, signal, untracked, type ReadonlySignal } from '@preact/signals'
import { every, Link, SETTINGS_MS, type Cancel, type Ports, type Shelf } from '../../connection'
import type { SendFile } from '../../connection/upload'
import { Alerts, type Speaker } from './alerts'
import type { Api } from './api'
import type { Claiming } from './claiming'
import { Ticker } from './clock'
import { Drafts, type Tab } from './drafts'
import { Focus } from './focus'
import { takeFrame } from './frames'
import { makeClaiming, makeRedelivery, makeResolving } from './hands'
import { Reachability } from './health'
import { countMine, Inbox } from './inbox'
import { Notices } from './notices'
import { arrange, keyOf } from './order'
import type { Files } from './files'
import type { Outgoing } from './outgoing'
import { Posting } from './posting'
import { Poller } from './poller'
import type { PreferenceStore } from './preferences'
import { Reading } from './reading'
import type { Redelivery } from './redelivery'
import type { Resolving } from './resolving'
import type { ListName, Route, Router } from './route'
import { rowChanged } from './row_changes'
import { Search } from './search'
import { mostBytesIn } from './settings'
import { SteadyList } from './steady'
import type { Thread } from './thread'
import { Threads } from './threads'
import type { Agent, Availability, FromServer, PartState, SettingsDocument } from './wire'

/** Typing is told at most this often. */
const TYPING_EVERY_MS = 3_000

export interface DeskParts {
  ports: Ports
  /** Outlives the tab: drafts. */
  local: Shelf
  api: Api
  sendFile: SendFile
  router: Router
  preferences: PreferenceStore
  speaker: Speaker
  socketUrl: string
  /** The context has no column of its own and is a drawer. */
  narrow: ReadonlySignal<boolean>
  agent: Agent
  onEnded: () => void
}

/** Everything a signed-in agent works with; this page wires the parts together. */
export class Desk {
  readonly agent: Agent
  readonly ticker: Ticker
  readonly inbox: Inbox
  readonly mine: ReadonlySignal<number>
  readonly search: Search
  /** The rows of the list on screen, in order, before it is held still. */
  readonly steady: SteadyList
  readonly threads: Threads
  readonly reading: Reading
  readonly claiming: Claiming
  readonly resolving: Resolving
  readonly drafts: Drafts
  readonly outgoing: Outgoing
  readonly files: Files
  readonly redelivery: Redelivery
  readonly alerts: Alerts
  readonly reach: Reachability
  readonly notices: Notices
  readonly focus = new Focus()
  readonly availability = signal<Availability | null>(null)
  /** What is in force, as it was last read. */
  readonly settings = signal<SettingsDocument | null>(null)
  /** Bytes that one file may have; 0 while files are off. */
  readonly mostBytes = signal(0)
  readonly health = signal<Readonly<Record<string, PartState>>>({})
  /** The row on which J and K stand. */
  readonly cursor = signal<string | null>(null)
  readonly tab = signal<Tab>('reply')
  /** The note composer was asked for where there is no reply to write. */
  readonly noting = signal(false)
  readonly drawer = signal(false)
  readonly help = signal(false)
  /** The picture that stands over the page. */
  readonly picture = signal<string | null>(null)
  readonly link: Link<FromServer>
  readonly poller: Poller

  private typedAt = 0
  private readings = 0
  /** The reading of the settings that is shown: an earlier one may be answered later. */
  private shownReading = 0
  private stopAsking: Cancel = () => undefined
  private readonly posting: Posting
  private readonly stops: (() => void)[] = []

  constructor(readonly parts: DeskParts) {
    const { ports, api, agent } = parts
    this.agent = agent
    this.ticker = new Ticker(ports)
    this.notices = new Notices(ports)
    this.reach = new Reachability(ports)
    this.drafts = new Drafts(parts.local, agent.id)
    this.inbox = new Inbox((query) => api.list(query), this.me)
    this.mine = countMine(this.inbox, this.me)
    this.search = new Search(ports, (list, q) => api.list({ list, q, limit: 50 }), this.inbox)
    this.steady = this.makeSteady()
    this.threads = this.makeThreads()
    this.reading = new Reading(ports, this.threads.current, (id, upto) => this.reportRead(id, upto))
    this.claiming = makeClaiming(this)
    this.resolving = makeResolving(this)
    this.posting = this.makePosting()
    this.outgoing = this.posting.outgoing
    this.files = this.posting.files
    this.redelivery = makeRedelivery(this)
    this.alerts = this.makeAlerts()
    this.poller = new Poller(
      api,
      this.inbox,
      () => ({ list: this.list, thread: this.threads.current.peek() }),
      () => this.reload(),
    )
    this.link = this.makeLink()
    this.ticker.onJump = () => this.link.wake()
    api.onTime = (iso) => this.ticker.setServerTime(iso)
  }

  readonly me = (): string => this.agent.id

  get list(): ListName {
    return this.parts.router.route.peek().list
  }

  start(): void {
    this.inbox.onChange = (before, now) => rowChanged(this, before, now)
    const { route } = this.parts.router
    this.stops.push(
      effect(() => {
        const to = route.value
        untracked(() => this.showRoute(to))
      }),
    )
    void this.inbox.load('pending')
    void this.inbox.load('mine')
    this.link.start()
  }

  stop(): void {
    this.link.stop()
    this.reading.close()
    this.steady.close()
    for (const stop of this.stops) stop()
  }

  /** The lists that matter while the agent works, read anew: after a break, frames may have been missed. */
  reload(): void {
    for (const list of new Set<ListName>(['pending', 'mine', this.list])) void this.inbox.load(list)
  }

  /** Tells the customer that somebody writes, but not with every letter. */
  typed(): void {
    const thread = this.threads.current.peek()
    const now = this.parts.ports.now()
    if (!thread || now - this.typedAt < TYPING_EVERY_MS || !this.holds(thread)) return
    if (this.link.send({ type: 'typing', conversation_id: thread.id })) this.typedAt = now
  }

  /** Whether live chat is open, and which files may be sent. Asked again with the next connection when it fails. */
  async readSettings(): Promise<void> {
    const reading = ++this.readings
    try {
      const read = await this.parts.api.settings()
      if (reading < this.shownReading) return
      this.shownReading = reading
      this.takeSettings(read)
    } catch {
      // The banner says that the service is gone.
    }
  }

  /** What was read or saved; never an older version than is shown, for both may be under way at once. */
  takeSettings(read: SettingsDocument): void {
    if (read.version < (this.settings.peek()?.version ?? 0)) return
    batch(() => {
      this.settings.value = read
      this.availability.value = read.availability
      this.mostBytes.value = mostBytesIn(read.document)
    })
  }

  holds(thread: Thread): boolean {
    const { holder } = thread.standing.value
    return holder.kind === 'agent' && holder.id === this.agent.id
  }

  follow(thread: Thread): void {
    this.link.send({ type: 'subscribe', conversation_id: thread.id, after: thread.last })
    this.poller.turn()
  }

  private makeSteady(): SteadyList {
    const { router } = this.parts
    const live = computed(() => {
      const rows = this.inbox.rows.value
      const found = this.search.found.value
      if (found) return found.filter((key) => rows.has(key))
      return arrange(rows.values(), router.route.value.list, this.agent.id).map(keyOf)
    })
    const place = computed(() => {
      const { list } = router.route.value
      return this.inbox.lists.value[list].loaded ? `${list}/${this.search.text.value}` : null
    })
    return new SteadyList(live, place)
  }

  private makeThreads(): Threads {
    const { api, ports } = this.parts
    const parts = {
      clock: ports,
      read: (id: string) => api.conversation(id),
      range: (id: string, after: number, limit: number) => api.events(id, after, limit),
      onLost: () => this.link.recycle(),
      onEvent: ({ client_msg_id }: { client_msg_id: string | null }) => {
        if (client_msg_id) this.outgoing.arrived(client_msg_id)
      },
    }
    return new Threads(
      parts,
      (thread) => this.follow(thread),
      (id) => this.link.send({ type: 'unsubscribe', conversation_id: id }),
    )
  }

  private makePosting(): Posting {
    const { ports, api, sendFile } = this.parts
    return new Posting({
      ...{ ports, api, sendFile, owner: this.agent.id, drafts: this.drafts, notices: this.notices },
      mostBytes: () => this.mostBytes.peek(),
      link: () => this.link,
      thread: (id) => this.threads.get(id),
      holds: (thread) => this.holds(thread),
    })
  }

  private makeAlerts(): Alerts {
    return new Alerts({
      clock: this.parts.ports,
      speaker: this.parts.speaker,
      me: this.me,
      wanted: () => this.parts.preferences.value.peek().sounds,
      onScreen: (id) => this.reading.looksAt(id),
      waiting: () => arrange(this.inbox.rows.peek().values(), 'pending', this.agent.id),
    })
  }

  private makeLink(): Link<FromServer> {
    return new Link<FromServer>({
      ports: this.parts.ports,
      url: () => this.parts.socketUrl,
      hello: () => ({ type: 'hello' }),
      onFrame: (frame) => batch(() => takeFrame(this, frame)),
      poll: (wait, stop) => this.poller.poll(wait, stop),
      onState: (state) => {
        const online = state === 'live' || state === 'polling'
        if (online) this.resume()
        this.posting.setOnline(online)
        this.askForSettings(state === 'polling')
        if (online) this.reach.found()
        else if (state === 'down') this.reach.lost()
        else if (state === 'ended') this.parts.onEnded()
      },
    })
  }

  /** A new connection knows nothing: says what is followed and from where, and reads the lists anew. */
  private resume(): void {
    for (const thread of this.threads.all) if (thread.loaded) this.follow(thread)
    const open = this.threads.current.peek()
    if (open && !open.loaded) void this.threads.read(open)
    this.link.send({ type: 'watch', bot: this.list === 'bot' })
    this.reload()
    void this.readSettings()
  }

  /** No socket tells of new ones. */
  private askForSettings(again: boolean): void {
    this.stopAsking()
    this.stopAsking = again
      ? every(this.parts.ports, SETTINGS_MS, () => void this.readSettings())
      : () => undefined
  }

  private showRoute({ list, conversation }: Route): void {
    void this.threads.show(conversation)
    this.link.send({ type: 'watch', bot: list === 'bot' })
    if (!this.inbox.lists.peek()[list].loaded) void this.inbox.load(list)
    this.poller.turn()
  }

  private reportRead(id: string, upto: number): void {
    if (this.link.send({ type: 'read', conversation_id: id, upto })) return
    this.parts.api.read(id, upto).catch(() => undefined)
  }
}
