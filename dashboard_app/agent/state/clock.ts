import { signal, type ReadonlySignal } from '@preact/signals'
import type { Ports } from '../../connection/ports'

/** Time as the state sees it; tests pass one that they turn by hand. */
export type Clock = Pick<Ports, 'now' | 'after'>

/**
 * The one ticking second that every waiting time on screen reads, in the server's time: laptops whose clock is wrong
 * still show how long a customer really waits.
 */
export class Ticker {
  readonly now: ReadonlySignal<number>
  private readonly time
  private ahead = 0

  constructor(private readonly clock: Clock) {
    this.time = signal(clock.now())
    this.now = this.time
    this.tick()
  }

  setServerTime(iso: string): void {
    this.ahead = Date.parse(iso) - this.clock.now()
    this.time.value = this.clock.now() + this.ahead
  }

  private tick(): void {
    this.time.value = this.clock.now() + this.ahead
    this.clock.after(1000 - (this.time.value % 1000), () => this.tick())
  }
}
