import type { Api } from './api'
import type { Inbox } from './inbox'
import type { ListName } from './route'
import type { Thread } from './thread'

const EVENTS = 200

/**
 * Keeps the screen up to date where sockets are blocked: one request waits for the list on screen, one for the
 * conversation on screen. Each is asked again as soon as it was answered, whichever comes first.
 */
export class Poller {
  private readonly waiting = new Map<string, Promise<string>>()
  private version = ''
  private polled: ListName | null = null
  private look: () => void = () => undefined

  constructor(
    private readonly api: Api,
    private readonly inbox: Inbox,
    private readonly onScreen: () => { list: ListName; thread: Thread | null },
    /** The counts changed: other lists may have, too. */
    private readonly onCounts: () => void,
  ) {}

  /** Something else is on screen now: asks for it without waiting for the answers under way. */
  turn(): void {
    this.look()
  }

  /** Waits until one of them is answered and taken. */
  async poll(wait: number, signal: AbortSignal): Promise<void> {
    const { list, thread } = this.onScreen()
    this.start(`list:${list}`, () => this.pollList(list, wait, signal))
    if (thread?.loaded) this.start(`thread:${thread.id}`, () => this.pollThread(thread, wait, signal))
    const turned = new Promise<string>((resolve) => (this.look = () => resolve('')))
    try {
      this.waiting.delete(await Promise.race([...this.waiting.values(), turned]))
    } catch (failure) {
      this.waiting.clear()
      throw failure
    }
  }

  private start(name: string, ask: () => Promise<unknown>): void {
    if (this.waiting.has(name)) return
    const asked = ask().then(() => name)
    // A request that fails after another was answered is noticed by the next poll.
    asked.catch(() => this.waiting.delete(name))
    this.waiting.set(name, asked)
  }

  private async pollList(list: ListName, wait: number, signal: AbortSignal): Promise<void> {
    const since = this.polled === list ? this.version : ''
    const before = this.inbox.counts.peek()
    const asked = this.inbox.asking()
    const query = { list, limit: this.inbox.sizeOf(list) }
    const page = await this.api.list(query, { wait: since ? wait : 0, since, signal })
    this.polled = list
    this.version = page.version
    this.inbox.takePage(list, page, asked)
    if (JSON.stringify(before) !== JSON.stringify(page.counts)) this.onCounts()
  }

  private async pollThread(thread: Thread, wait: number, signal: AbortSignal): Promise<void> {
    const range = await this.api.events(thread.id, thread.last, EVENTS, { wait, signal })
    thread.takeRange(range)
    // Delivery marks come by socket only; here they are read along with what was said.
    if (range.events.length > 0) void thread.refresh()
  }
}
