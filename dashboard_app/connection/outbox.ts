/**
 * What was written here and is not yet known to be stored.
 *
 * What must hold: nothing leaves the outbox before the service acknowledged it; a message keeps its `id` (the
 * `client_msg_id`) over every retry, reload and restart, so the service stores it once; within a lane (a conversation)
 * messages go out one after another, so a retry never overtakes. A refusal that will not pass by itself marks the
 * message and lets the next one go; the person decides to retry or drop it.
 */
import { backoffMs } from './backoff'
import { isPassing, Refusal } from './http'
import type { Cancel, Ports } from './ports'

export interface Unsent<Body> {
  id: string
  lane: string
  body: Body
  /** When it was written, ms since the epoch. */
  at: number
  /** Set once the service stored it; it stays here until its event has arrived. */
  seq?: number
  /** Why the service will not take it. */
  refused?: { code: string; message: string }
}

export interface OutboxOptions<Body> {
  ports: Pick<Ports, 'now' | 'random' | 'after' | 'tab' | 'newId'>
  /** Under which name the tab's storage keeps it. */
  key: string
  /** Hands one message to the service and resolves with its seq once it is stored. */
  deliver: (item: Unsent<Body>) => Promise<number>
  onChange: (items: readonly Unsent<Body>[]) => void
  /** The service refused it for good. */
  onRefused?: (item: Unsent<Body>, refusal: Refusal) => void
}

export class Outbox<Body> {
  #items: Unsent<Body>[]
  #open = false
  readonly #busy = new Set<string>()
  readonly #pauses = new Map<string, Cancel>()
  readonly #failures = new Map<string, number>()

  constructor(private readonly options: OutboxOptions<Body>) {
    this.#items = this.#restore()
  }

  get items(): readonly Unsent<Body>[] {
    return this.#items
  }

  add(body: Body, lane = ''): Unsent<Body> {
    const { ports } = this.options
    const item: Unsent<Body> = { id: ports.newId(), lane, body, at: ports.now() }
    this.#replace([...this.#items, item])
    this.#pump()
    return item
  }

  /** The link is usable: send what waits. */
  open(): void {
    this.#open = true
    this.#pauses.forEach((cancel) => cancel())
    this.#pauses.clear()
    this.#failures.clear()
    this.#pump()
  }

  /** The link is gone: keep everything. */
  close(): void {
    this.#open = false
  }

  retry(id: string): void {
    this.#replace(this.#items.map((item) => (item.id === id ? unrefused(item) : item)))
    this.#pump()
  }

  drop(id: string): void {
    this.#replace(this.#items.filter((item) => item.id !== id))
    this.#pump()
  }

  /** The log holds these now: their events show them. */
  settle(isStored: (item: Unsent<Body>) => boolean): void {
    if (this.#items.some(isStored)) this.#replace(this.#items.filter((item) => !isStored(item)))
  }

  #pump(): void {
    if (!this.#open) return
    for (const lane of new Set(this.#items.map((item) => item.lane))) {
      const head = this.#items.find((item) => item.lane === lane && item.seq === undefined && !item.refused)
      if (head && !this.#busy.has(lane) && !this.#pauses.has(lane)) void this.#send(head)
    }
  }

  async #send(item: Unsent<Body>): Promise<void> {
    this.#busy.add(item.lane)
    try {
      const seq = await this.options.deliver(item)
      this.#failures.delete(item.lane)
      this.#mark(item.id, { seq })
    } catch (error) {
      if (isPassing(error)) this.#pause(item.lane, error)
      else this.#refuse(item, error as Refusal)
    } finally {
      this.#busy.delete(item.lane)
      this.#pump()
    }
  }

  #refuse(item: Unsent<Body>, refusal: Refusal): void {
    this.#mark(item.id, { refused: { code: refusal.code, message: refusal.message } })
    this.options.onRefused?.(item, refusal)
  }

  #pause(lane: string, error: unknown): void {
    const failures = (this.#failures.get(lane) ?? 0) + 1
    this.#failures.set(lane, failures)
    const { ports } = this.options
    const asked = error instanceof Refusal ? (error.retryAfterMs ?? 0) : 0
    const resume = (): void => {
      this.#pauses.delete(lane)
      this.#pump()
    }
    this.#pauses.set(
      lane,
      ports.after(
        Math.max(
          asked,
          backoffMs(failures, () => ports.random()),
        ),
        resume,
      ),
    )
  }

  #mark(id: string, change: Partial<Unsent<Body>>): void {
    this.#replace(this.#items.map((item) => (item.id === id ? { ...item, ...change } : item)))
  }

  #replace(items: Unsent<Body>[]): void {
    this.#items = items
    const { ports, key } = this.options
    const unsent = items.filter((item) => item.seq === undefined)
    if (unsent.length > 0) ports.tab.setItem(key, JSON.stringify(unsent))
    else ports.tab.removeItem(key)
    this.options.onChange(items)
  }

  #restore(): Unsent<Body>[] {
    try {
      const kept: unknown = JSON.parse(this.options.ports.tab.getItem(this.options.key) ?? '[]')
      return Array.isArray(kept) ? (kept as Unsent<Body>[]) : []
    } catch {
      return []
    }
  }
}

function unrefused<Body>({ id, lane, body, at }: Unsent<Body>): Unsent<Body> {
  return { id, lane, body, at }
}
