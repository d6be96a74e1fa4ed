import { signal, type ReadonlySignal } from '@preact/signals'
import type { Cancel } from '../../connection/ports'
import type { Clock } from './clock'

const SHOWN_MS = 6_000
const WITH_WAY_MS = 15_000

/** Where a notice leads. */
export interface Way {
  name: string
  go: () => void
}

export interface Notice {
  text: string
  way: Way | null
}

/** Short words at the top of the page for something that did not work, and words for a screen reader alone. */
export class Notices {
  readonly shown: ReadonlySignal<Notice | null>
  readonly said: ReadonlySignal<string>
  private readonly text = signal<Notice | null>(null)
  private readonly spoken = signal('')
  private cancel: Cancel = () => undefined

  constructor(private readonly clock: Clock) {
    this.shown = this.text
    this.said = this.spoken
  }

  show(text: string, way: Way | null = null): void {
    this.cancel()
    this.text.value = { text, way }
    this.cancel = this.clock.after(way ? WITH_WAY_MS : SHOWN_MS, () => (this.text.value = null))
  }

  say(text: string): void {
    this.spoken.value = text
  }

  dismiss(): void {
    this.cancel()
    this.text.value = null
  }
}
