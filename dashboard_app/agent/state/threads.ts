import { signal, type ReadonlySignal } from '@preact/signals'
import { Thread, type ThreadParts } from './thread'

/** So many conversations stay subscribed behind the open one, so that going back is instant. */
const KEPT = 12

/** The conversations that were opened; the least lately opened one makes room. */
export class Threads {
  readonly current: ReadonlySignal<Thread | null>
  private readonly open_ = signal<Thread | null>(null)
  private readonly held = new Map<string, Thread>()

  constructor(
    private readonly parts: ThreadParts,
    /** Called when a thread is held and loaded, and when it is let go. */
    private readonly follow: (thread: Thread) => void,
    private readonly unfollow: (id: string) => void,
  ) {
    this.current = this.open_
  }

  get all(): Iterable<Thread> {
    return this.held.values()
  }

  get(id: string): Thread | undefined {
    return this.held.get(id)
  }

  async show(id: string | null): Promise<void> {
    if (id === null) {
      this.open_.value = null
      return
    }
    const thread = this.held.get(id) ?? new Thread(id, this.parts)
    this.held.delete(id)
    this.held.set(id, thread)
    this.open_.value = thread
    this.makeRoom()
    if (!thread.loaded) await this.read(thread)
  }

  /** Reads a thread from its latest part, and follows it from there. */
  async read(thread: Thread): Promise<void> {
    await thread.open()
    if (thread.loaded && this.held.get(thread.id) === thread) this.follow(thread)
  }

  private makeRoom(): void {
    const oldest = this.held.keys().next().value
    if (this.held.size <= KEPT || oldest === undefined) return
    this.held.delete(oldest)
    this.unfollow(oldest)
  }
}
