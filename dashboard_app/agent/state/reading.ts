import { effect, signal, type ReadonlySignal } from '@preact/signals'
import type { Cancel } from '../../connection/ports'
import type { Clock } from './clock'
import type { Thread } from './thread'

/** Read marks are sent at most this often. */
const PAUSE_MS = 800

/**
 * What has been on the agent's screen: the end of the open conversation, scrolled to, on a visible page. Only that is
 * reported as read, and only that may be resolved over.
 */
export class Reading {
  readonly atEnd = signal(true)
  readonly visible = signal(true)
  private cancel: Cancel | null = null
  private readonly stop: () => void

  constructor(
    private readonly clock: Clock,
    private readonly current: ReadonlySignal<Thread | null>,
    private readonly report: (conversation: string, upto: number) => void,
  ) {
    this.stop = effect(() => this.see())
  }

  /** Whether this conversation is in front of the agent's eyes. */
  looksAt(conversation: string): boolean {
    return this.visible.peek() && this.current.peek()?.id === conversation
  }

  close(): void {
    this.stop()
    this.cancel?.()
  }

  private see(): void {
    const thread = this.current.value
    if (!thread || !this.visible.value || !this.atEnd.value) return
    const last = thread.events.value.at(-1)?.seq ?? 0
    if (last <= thread.seen.value) return
    thread.seen.value = last
    this.cancel ??= this.clock.after(PAUSE_MS, () => {
      this.cancel = null
      this.report(thread.id, thread.seen.peek())
    })
  }
}
