import { computed, effect, signal, type ReadonlySignal } from '@preact/signals'

export interface Shown {
  keys: readonly string[]
  /** Rows that have come since the list was held; they are behind the pill "2 new". */
  behind: number
}

/**
 * A list that stands still while the pointer is in it: rows that come wait behind a pill, rows that leave stay where
 * they are (marked by the view) until the pointer goes. Nothing is ever clicked that was not aimed at.
 */
export class SteadyList {
  readonly shown: ReadonlySignal<Shown>
  private readonly inside = signal(false)
  private readonly held = signal<readonly string[] | null>(null)
  private readonly stop: () => void

  /** `place` names what is listed and is null until it was read: another list starts anew. */
  constructor(
    private readonly live: ReadonlySignal<readonly string[]>,
    place: ReadonlySignal<string | null>,
  ) {
    this.stop = effect(() => {
      this.held.value = this.inside.value && place.value !== null ? live.peek() : null
    })
    this.shown = computed(() => {
      const held = this.held.value
      if (held === null) return { keys: live.value, behind: 0 }
      const known = new Set(held)
      return { keys: held, behind: live.value.filter((key) => !known.has(key)).length }
    })
  }

  pointerIn(): void {
    this.inside.value = true
  }

  pointerOut(): void {
    this.inside.value = false
  }

  showNew(): void {
    if (this.held.peek() !== null) this.held.value = this.live.peek()
  }

  close(): void {
    this.stop()
  }
}
