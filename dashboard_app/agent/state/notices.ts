import { signal, type ReadonlySignal } from '@preact/signals'
import type { Cancel } from '../../connection/ports'
import type { Clock } from './clock'

const SHOWN_MS = 6_000

/** Short words at the top of the page for something that did not work, and words for a screen reader alone. */
export class Notices {
  readonly shown: ReadonlySignal<string | null>
  readonly said: ReadonlySignal<string>
  private readonly text = signal<string | null>(null)
  private readonly spoken = signal('')
  private cancel: Cancel = () => undefined

  constructor(private readonly clock: Clock) {
    this.shown = this.text
    this.said = this.spoken
  }

  show(text: string): void {
    this.cancel()
    this.text.value = text
    this.cancel = this.clock.after(SHOWN_MS, () => (this.text.value = null))
  }

  say(text: string): void {
    this.spoken.value = text
  }

  dismiss(): void {
    this.cancel()
    this.text.value = null
  }
}
