import { signal, type ReadonlySignal } from '@preact/signals'
import { Refusal } from '../../connection/http'
import { reasonOf } from './api'
import type { Clock } from './clock'

const UNDO_FOR = 8_000

export interface Undo {
  conversation: string
  /** The one that Resolve returned: what Undo must name. */
  epoch: number
  name: string
}

/** A customer's line that came before Resolve and had not been on screen. */
export interface Stopped {
  conversation: string
  seq: number
}

export interface ResolvingParts {
  clock: Clock
  resolve: (
    conversation: string,
    body: { epoch: number; seen: number; force: boolean },
  ) => Promise<{ epoch: number }>
  reopen: (conversation: string, epoch: number) => Promise<{ epoch: number }>
  onResolved: (conversation: string, epoch: number) => void
  onReopened: (conversation: string, epoch: number) => void
  onFailed: (reason: string) => void
}

export interface Wish {
  conversation: string
  name: string
  epoch: number
  /** The last seq that was on screen. */
  seen: number
  force?: boolean
}

/** Resolve asks nothing and can be undone for eight seconds; only a line that nobody has seen stops it. */
export class Resolving {
  readonly undo: ReadonlySignal<Undo | null>
  readonly stopped: ReadonlySignal<Stopped | null>
  readonly busy: ReadonlySignal<string | null>
  private readonly undoing = signal<Undo | null>(null)
  private readonly halted = signal<Stopped | null>(null)
  private readonly working = signal<string | null>(null)
  private cancel: () => void = () => undefined

  constructor(private readonly parts: ResolvingParts) {
    this.undo = this.undoing
    this.stopped = this.halted
    this.busy = this.working
  }

  /** True when it is resolved. */
  async resolve({ conversation, name, epoch, seen, force = false }: Wish): Promise<boolean> {
    if (this.working.peek() === conversation) return false
    this.working.value = conversation
    this.halted.value = null
    try {
      const answer = await this.parts.resolve(conversation, { epoch, seen, force })
      this.offerUndo({ conversation, epoch: answer.epoch, name })
      this.parts.onResolved(conversation, answer.epoch)
      return true
    } catch (failure) {
      this.stop(conversation, seen, failure)
      return false
    } finally {
      this.working.value = null
    }
  }

  async takeBack(): Promise<void> {
    const undo = this.undoing.peek()
    if (!undo) return
    this.clear()
    try {
      const { epoch } = await this.parts.reopen(undo.conversation, undo.epoch)
      this.parts.onReopened(undo.conversation, epoch)
    } catch (failure) {
      this.parts.onFailed(reasonOf(failure))
    }
  }

  /** The agent has seen what stopped Resolve and goes on with the conversation. */
  goOn(): void {
    this.halted.value = null
  }

  private stop(conversation: string, seen: number, failure: unknown): void {
    if (!(failure instanceof Refusal) || failure.code !== 'unseen_message') {
      this.parts.onFailed(reasonOf(failure))
      return
    }
    const named = failure.data['seq']
    this.halted.value = { conversation, seq: typeof named === 'number' ? named : seen + 1 }
  }

  private offerUndo(undo: Undo): void {
    this.clear()
    this.undoing.value = undo
    this.cancel = this.parts.clock.after(UNDO_FOR, () => (this.undoing.value = null))
  }

  private clear(): void {
    this.cancel()
    this.undoing.value = null
  }
}
