import { batch, computed, effect, signal, untracked, type ReadonlySignal } from '@preact/signals'
import { Link, type Ports, type Refusal, type Shelf } from '../../connection'
import { Alerts, type Speaker } from './alerts'
import type { Api } from './api'
import { Claiming } from './claiming'
import { Ticker } from './clock'
import { Drafts, type Tab } from './drafts'
import { Focus } from './focus'
import { takeFrame } from './frames'
import { Reachability } from './health'
import { countMine, Inbox } from './inbox'
import { Notices } from './notices'
import { arrange, keyOf } from './order'
import { Outgoing, type Posted } from './outgoing'
import { Poller } from './poller'
import type { PreferenceStore } from './preferences'
import { Reading } from './reading'
import { Resolving } from './resolving'
import type { ListName, Route, Router } from './route'
import { Search } from './search'
import { SteadyList } from './steady'
import type { Thread } from './thread'
import { Threads } from './threads'
import type { Agent, Availability, FromServer, InboxRow, PartState } from './wire'

/** Typing is told at most this often. */
const TYPING_EVERY_MS = 3_000

export interface DeskParts {
  ports: Ports
  /** Outlives the tab: drafts. */
  local: Shelf
  api: Api
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
  readonly alerts: Alerts
  readonly reach: Reachability
  readonly notices: Notices
  readonly focus = new Focus()
  readonly availability = signal<Availability | null>(null)
  readonly health = signal<Readonly<Record<string, PartState>>>({})
  /** The row on which J and K stand. */
  readonly cursor = signal<string | null>(null)
  readonly tab = signal<Tab>('reply')
  /** The note composer was asked for where there is no reply to write. */
  readonly noting = signal(false)
  readonly drawer = signal(false)
  readonly help = signal(false)
  readonly link: Link<FromServer>
  readonly poller: Poller

  private typedAt = 0
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
    this.claiming = this.makeClaiming()
    this.resolving = this.makeResolving()
    this.outgoing = new Outgoing({
      ports,
      owner: agent.id,
      deliver: (item) => this.deliver(item),
      onLost: (item, refusal) => this.loseClaim(item, refusal),
    })
    this.alerts = this.makeAlerts()
    this.poller = new Poller(
      api,
      this.inbox,
      () => ({ list: this.list, thread: this.threads.current.peek() }),
      () => this.reload(),
    )
    this.link = this.makeLink()
  }

  readonly me = (): string => this.agent.id

  get list(): ListName {
    return this.parts.router.route.peek().list
  }

  start(): void {
    this.inbox.onChange = (before, now) => this.rowChanged(before, now)
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

  private makeClaiming(): Claiming {
    return new Claiming({
      claim: (id) => this.parts.api.claim(id),
      me: this.me,
      onTaken: (id, { epoch }) => {
        this.becomeHolder(id, epoch)
        this.focus.ask('composer')
      },
      onLost: (id, winner) => {
        if (this.threads.current.peek()?.id !== id) return
        this.notices.say(`${winner.name} took this conversation. You can go to the next one or watch.`)
        this.focus.ask('offer')
      },
    })
  }

  private makeResolving(): Resolving {
    const { api, ports } = this.parts
    return new Resolving({
      clock: ports,
      resolve: (id, body) => api.resolve(id, body),
      reopen: (id, epoch) => api.reopen(id, epoch),
      onResolved: (id, epoch) => {
        this.threads
          .get(id)
          ?.takeStanding({ epoch, holder: { kind: 'bot', id: null, name: null }, since: null })
        this.notices.say('Resolved. Undo is offered for eight seconds.')
      },
      onReopened: (id, epoch) => {
        this.becomeHolder(id, epoch)
        this.parts.router.go({ list: 'mine', conversation: id })
      },
      onFailed: (reason) => this.notices.show(reason),
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
        this.outgoing.setOnline(online)
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
    if (this.link.state === 'polling') void this.readAvailability()
  }

  /** Where sockets are refused nothing says by itself whether live chat is open. */
  private async readAvailability(): Promise<void> {
    try {
      this.availability.value = (await this.parts.api.settings()).availability
    } catch {
      // Asked again with the next connection.
    }
  }

  private showRoute({ list, conversation }: Route): void {
    void this.threads.show(conversation)
    this.link.send({ type: 'watch', bot: list === 'bot' })
    if (!this.inbox.lists.peek()[list].loaded) void this.inbox.load(list)
    this.poller.turn()
  }

  private rowChanged(before: InboxRow | undefined, now: InboxRow): void {
    this.threads.get(now.conversation_id)?.takeRow(now)
    this.watchLoss(before, now)
    const { pending, mine } = this.inbox.lists.peek()
    if (pending.loaded && mine.loaded) this.alerts.notice(before, now)
  }

  /** Somebody took what this agent was looking at, before they had pressed anything. */
  private watchLoss(before: InboxRow | undefined, now: InboxRow): void {
    const id = now.conversation_id
    const open = this.threads.current.peek()?.id === id && this.claiming.of(id).step === 'idle'
    const taken = before?.status === 'pending' && now.status === 'claimed'
    if (open && taken && now.claimed_by) this.claiming.lose(id, now.claimed_by, now.claimed_at)
  }

  private becomeHolder(id: string, epoch: number): void {
    const since = new Date(this.ticker.now.peek()).toISOString()
    const holder = { kind: 'agent' as const, id: this.agent.id, name: this.agent.name }
    this.threads.get(id)?.takeStanding({ epoch, holder, since })
    this.tab.value = 'reply'
    const route = this.parts.router.route.peek()
    if (route.conversation === id) this.parts.router.go({ list: 'mine' }, 'replace')
  }

  private async deliver({ id, lane, body }: Posted): Promise<number> {
    const { api } = this.parts
    if (body.tab === 'note') return (await api.note(lane, { client_msg_id: id, text: body.text })).seq
    const thread = this.threads.get(lane)
    const epoch = thread && this.holds(thread) ? thread.standing.peek().epoch : body.epoch
    const message = { client_msg_id: id, epoch, text: body.text }
    const frame = { type: 'send', conversation_id: lane, ...message }
    if (this.link.state === 'live') return this.link.request(frame)
    return (await api.message(lane, message)).seq
  }

  private loseClaim({ lane, body }: Posted, refusal: Refusal): void {
    this.drafts.giveBack(lane, body.tab, body.text)
    this.notices.show(refusal.message)
    void this.threads.get(lane)?.refresh()
  }

  private reportRead(id: string, upto: number): void {
    if (this.link.send({ type: 'read', conversation_id: id, upto })) return
    this.parts.api.read(id, upto).catch(() => undefined)
  }
}
