import { signal, type ReadonlySignal } from '@preact/signals'
import type { Ports } from '../../connection/ports'

/** Time as the state sees it; tests pass one that they turn by hand. */
export type Clock = Pick<Ports, 'now' | 'after'>

/** A second that came so much too early or late: the computer slept, or its clock was set. */
const JUMP_MS = 5_000

/**
 * The one ticking second that every waiting time on screen reads, in the server's time: laptops whose clock is wrong
 * still show how long a customer really waits. Each ready, pong and list says what that time is.
 */
export class Ticker {
  readonly now: ReadonlySignal<number>
  private readonly time
  /** The server's time has to be asked for again. */
  onJump: () => void = () => undefined
  private ahead = 0
  private due: number

  constructor(private readonly clock: Clock) {
    this.time = signal(clock.now())
    this.now = this.time
    this.due = clock.now()
    this.tick()
  }

  setServerTime(iso: string): void {
    this.ahead = Date.parse(iso) - this.clock.now()
    this.time.value = this.clock.now() + this.ahead
  }

  private tick(): void {
    const now = this.clock.now()
    if (Math.abs(now - this.due) > JUMP_MS) this.onJump()
    this.time.value = now + this.ahead
    const rest = 1000 - (this.time.value % 1000)
    this.due = now + rest
    this.clock.after(rest, () => this.tick())
  }
}
