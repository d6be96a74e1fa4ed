import { batch, signal, type ReadonlySignal } from '@preact/signals'
import type { Cancel } from '../../connection/ports'
import type { Clock } from './clock'
import type { Inbox } from './inbox'
import { keyOf } from './order'
import type { ListName } from './route'
import type { Inbox as Page } from './wire'

const PAUSE_MS = 200

/** Looks through one list for a word; the rows found are shown in the service's order. */
export class Search {
  readonly text: ReadonlySignal<string>
  /** Keys of the rows found; null while nothing is looked for or the answer is not there yet. */
  readonly found: ReadonlySignal<readonly string[] | null>
  private readonly typed = signal('')
  private readonly keys = signal<readonly string[] | null>(null)
  private cancel: Cancel = () => undefined

  constructor(
    private readonly clock: Clock,
    private readonly ask: (list: ListName, q: string) => Promise<Page>,
    private readonly inbox: Inbox,
  ) {
    this.text = this.typed
    this.found = this.keys
  }

  look(list: ListName, text: string): void {
    this.cancel()
    const q = text.trim()
    batch(() => {
      this.typed.value = text
      if (q === '') this.keys.value = null
    })
    if (q !== '') this.cancel = this.clock.after(PAUSE_MS, () => void this.run(list, q))
  }

  clear(): void {
    this.look('pending', '')
  }

  private async run(list: ListName, q: string): Promise<void> {
    try {
      const page = await this.ask(list, q)
      if (this.typed.peek().trim() !== q) return
      this.inbox.takeFound(page.items)
      this.keys.value = page.items.map(keyOf)
    } catch {
      // The banner says that the service is gone; the next letter asks again.
    }
  }
}
