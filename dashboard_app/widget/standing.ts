import type { Cancel, Ports } from '../connection'
import { cell } from './cell'

export type Standing = 'fine' | 'away' | 'back'

const PATIENCE_MS = 3_000
const BACK_MS = 2_000

/** What is worth saying about the line: a short break is not, a longer one is, and that it is over. */
export class StandingWatch {
  readonly value = cell<Standing>('fine')
  #usable = true
  #cancel: Cancel = () => undefined

  constructor(private readonly ports: Pick<Ports, 'after'>) {}

  update(usable: boolean): void {
    if (usable === this.#usable) return
    this.#usable = usable
    this.#cancel()
    if (!usable) this.#later(PATIENCE_MS, 'away')
    else if (this.value.value === 'away') {
      this.value.value = 'back'
      this.#later(BACK_MS, 'fine')
    }
  }

  #later(ms: number, standing: Standing): void {
    this.#cancel = this.ports.after(ms, () => (this.value.value = standing))
  }
}
