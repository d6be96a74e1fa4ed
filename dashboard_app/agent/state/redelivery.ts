import { signal, type ReadonlySignal } from '@preact/signals'

export interface RedeliveryParts {
  ask: (conversation: string, seq: number, verb: 'retry' | 'skip', epoch: number) => Promise<unknown>
  onFailed: (conversation: string, failure: unknown) => void
}

/** Sending a message again that the channel would not take, or giving it up. What came of it is said by an event. */
export class Redelivery {
  readonly busy: ReadonlySignal<ReadonlySet<string>>
  private readonly asked = signal<ReadonlySet<string>>(new Set())

  constructor(private readonly parts: RedeliveryParts) {
    this.busy = this.asked
  }

  isBusy(conversation: string, seq: number): boolean {
    return this.asked.value.has(`${conversation}:${seq}`)
  }

  async ask(conversation: string, seq: number, verb: 'retry' | 'skip', epoch: number): Promise<void> {
    const key = `${conversation}:${seq}`
    if (this.asked.peek().has(key)) return
    this.asked.value = new Set([...this.asked.peek(), key])
    try {
      await this.parts.ask(conversation, seq, verb, epoch)
    } catch (failure) {
      this.parts.onFailed(conversation, failure)
    } finally {
      this.asked.value = new Set([...this.asked.peek()].filter((other) => other !== key))
    }
  }
}
