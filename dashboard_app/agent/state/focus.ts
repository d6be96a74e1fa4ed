import { signal, type ReadonlySignal } from '@preact/signals'

/** Parts of the page that a command sends the keyboard to. */
export type Place = 'composer' | 'search' | 'offer' | 'list' | 'context' | 'head'

export interface Wanted {
  place: Place
  /** Counts requests, so that the same place can be asked for twice. */
  turn: number
}

/** State asks for the keyboard; the view that shows the place answers when it is there. */
export class Focus {
  readonly wanted: ReadonlySignal<Wanted | null>
  private readonly asked = signal<Wanted | null>(null)
  private turn = 0

  constructor() {
    this.wanted = this.asked
  }

  ask(place: Place): void {
    this.asked.value = { place, turn: ++this.turn }
  }

  /** True once for each request. */
  answer(place: Place): boolean {
    if (this.asked.peek()?.place !== place) return false
    this.asked.value = null
    return true
  }
}
