import { batch, computed, signal, type ReadonlySignal } from '@preact/signals'
import { belongs, keyOf } from './order'
import type { ListName } from './route'
import type { Counts, Inbox as Page, InboxRow } from './wire'

const PAGE = 50
const LARGEST_PAGE = 200

export interface Query {
  list: ListName
  q?: string
  cursor?: string
  limit: number
}

export interface ListState {
  /** Null until the list was read for the first time. */
  loaded: boolean
  next: string | null
  failed: boolean
}

const unread: ListState = { loaded: false, next: null, failed: false }

/**
 * The rows of every list that was opened, by handover.
 *
 * Two sources meet here: pages that were asked for and `inbox` frames that come by themselves, in any order. A row's
 * `last_seq` only grows, so the older of two is never taken; and a page removes only rows that no frame has touched
 * since it was asked for.
 */
export class Inbox {
  readonly rows: ReadonlySignal<ReadonlyMap<string, InboxRow>>
  readonly counts: ReadonlySignal<Counts | null>
  readonly lists: ReadonlySignal<Record<ListName, ListState>>
  /** Told of each change that is news, after it is in: what was held before (undefined: nothing) and what is now. */
  onChange: (before: InboxRow | undefined, now: InboxRow) => void = () => undefined

  private readonly held = signal<ReadonlyMap<string, InboxRow>>(new Map())
  private readonly totals = signal<Counts | null>(null)
  private readonly states = signal<Record<ListName, ListState>>({
    pending: unread,
    mine: unread,
    claimed: unread,
    resolved: unread,
    bot: unread,
  })
  private touched = new Map<string, number>()
  private tick = 0

  constructor(
    private readonly read: (query: Query) => Promise<Page>,
    private readonly me: () => string,
  ) {
    this.rows = this.held
    this.counts = this.totals
    this.lists = this.states
  }

  /** Reads a list anew, as far down as it was read before. */
  async load(list: ListName): Promise<void> {
    const asked = this.asking()
    const page = await this.ask({ list, limit: this.sizeOf(list) })
    if (page) this.takePage(list, page, asked)
  }

  /** Marks the moment at which a page is asked for; `takePage` wants it back. */
  asking(): number {
    return ++this.tick
  }

  /** How many rows to ask for so that none that is shown gets lost. */
  sizeOf(list: ListName): number {
    return Math.min(LARGEST_PAGE, Math.max(PAGE, this.inList(list).length))
  }

  async loadMore(list: ListName): Promise<void> {
    const cursor = this.states.peek()[list].next
    if (cursor === null) return
    this.note(list, { next: null })
    const page = await this.ask({ list, cursor, limit: PAGE })
    if (!page) {
      this.note(list, { next: cursor })
      return
    }
    batch(() => {
      this.takeRows(page.items, false)
      this.note(list, { next: page.next })
    })
  }

  /** Takes rows and counts that came in a frame. */
  take(items: readonly InboxRow[], counts: Counts): void {
    this.tick += 1
    batch(() => {
      this.takeRows(items, true)
      this.totals.value = counts
    })
  }

  /** Takes rows that were looked for: they may be new here and are no news. */
  takeFound(items: readonly InboxRow[]): void {
    this.tick += 1
    this.takeRows(items, false)
  }

  /** The newest handover of a conversation, or its row "With the bot". */
  of(conversation: string): InboxRow | undefined {
    let newest: InboxRow | undefined
    for (const row of this.held.value.values()) {
      if (row.conversation_id === conversation && (!newest || row.epoch >= newest.epoch)) newest = row
    }
    return newest
  }

  takePage(list: ListName, page: Page, asked: number): void {
    const listed = new Set(page.items.map(keyOf))
    const gone = this.inList(list).filter(
      (row) => !listed.has(keyOf(row)) && (this.touched.get(keyOf(row)) ?? 0) <= asked,
    )
    batch(() => {
      const rows = new Map(this.held.peek())
      for (const row of gone) rows.delete(keyOf(row))
      this.held.value = rows
      this.takeRows(page.items, true)
      this.totals.value = page.counts
      this.note(list, { loaded: true, next: page.next, failed: false })
    })
  }

  private async ask(query: Query): Promise<Page | null> {
    try {
      return await this.read(query)
    } catch {
      this.note(query.list, { failed: true })
      return null
    }
  }

  private takeRows(items: readonly InboxRow[], news: boolean): void {
    const rows = new Map(this.held.peek())
    const changes: [InboxRow | undefined, InboxRow][] = []
    for (const row of items) {
      const before = rows.get(keyOf(row))
      if (before && before.last_seq > row.last_seq) continue
      this.touched.set(keyOf(row), this.tick)
      rows.set(keyOf(row), row)
      // A conversation that people handle is no longer listed as the bot's.
      if (row.handover_id !== null && row.holder !== 'bot') rows.delete(`bot:${row.conversation_id}`)
      changes.push([before, row])
    }
    this.held.value = rows
    if (news) for (const [before, now] of changes) this.onChange(before, now)
  }

  private inList(list: ListName): InboxRow[] {
    return [...this.held.peek().values()].filter((row) => belongs(row, list, this.me()))
  }

  private note(list: ListName, change: Partial<ListState>): void {
    this.states.value = { ...this.states.peek(), [list]: { ...this.states.peek()[list], ...change } }
  }
}

/** How many conversations are mine: counted here, because the service counts for the whole team. */
export function countMine(inbox: Inbox, me: () => string): ReadonlySignal<number> {
  return computed(() => [...inbox.rows.value.values()].filter((row) => belongs(row, 'mine', me())).length)
}
