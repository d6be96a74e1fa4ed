import type { Cancel, Ports } from '../connection'
import type { Actor } from '../protocol/wire'
import { cell } from './cell'

const EVERY_MS = 3_000

/** Says that the visitor writes, at most once in three seconds. */
export class TypingOut {
  #quietUntil = 0

  constructor(
    private readonly ports: Pick<Ports, 'now'>,
    private readonly tell: () => void,
  ) {}

  say(): void {
    const now = this.ports.now()
    if (now < this.#quietUntil) return
    this.#quietUntil = now + EVERY_MS
    this.tell()
  }

  /** The message was sent: the next letter is news again. */
  rest(): void {
    this.#quietUntil = 0
  }
}

/** Who is writing to the visitor, for as long as the service said or until their message arrives. */
export class TypingIn {
  readonly who = cell<Actor | null>(null)
  #cancel: Cancel = () => undefined

  constructor(private readonly ports: Pick<Ports, 'after'>) {}

  starts(actor: Actor, forMs: number): void {
    this.#cancel()
    this.who.value = actor
    this.#cancel = this.ports.after(forMs, () => (this.who.value = null))
  }

  hears({ kind }: Actor): void {
    if (kind === this.who.value?.kind) this.who.value = null
  }
}
