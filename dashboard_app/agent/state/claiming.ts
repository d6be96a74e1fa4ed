import { signal, type ReadonlySignal } from '@preact/signals'
import { Refusal } from '../../connection/http'
import { reasonOf } from './api'
import { personIn, type Claimed, type Person } from './wire'

/**
 * Where a try to take a conversation stands. There is no optimistic ownership: until the service has answered it is
 * nobody's, and losing is an ordinary outcome with a winner's name.
 */
export type Taking =
  | { step: 'idle' }
  | { step: 'taking' }
  | { step: 'lost'; winner: Person; since: string | null }
  | { step: 'failed'; reason: string }

const idle: Taking = { step: 'idle' }

export interface ClaimingParts {
  claim: (conversation: string) => Promise<Claimed>
  me: () => string
  onTaken: (conversation: string, claimed: Claimed) => void
  onLost: (conversation: string, winner: Person) => void
}

export class Claiming {
  readonly all: ReadonlySignal<ReadonlyMap<string, Taking>>
  private readonly held = signal<ReadonlyMap<string, Taking>>(new Map())

  constructor(private readonly parts: ClaimingParts) {
    this.all = this.held
  }

  of(conversation: string): Taking {
    return this.held.value.get(conversation) ?? idle
  }

  async take(conversation: string): Promise<void> {
    if (this.held.peek().get(conversation)?.step === 'taking') return
    this.set(conversation, { step: 'taking' })
    try {
      const claimed = await this.parts.claim(conversation)
      this.set(conversation, idle)
      this.parts.onTaken(conversation, claimed)
    } catch (failure) {
      const winner = winnerOf(failure)
      if (winner) this.lose(conversation, winner, sinceOf(failure))
      else this.set(conversation, { step: 'failed', reason: reasonOf(failure) })
    }
  }

  /** Somebody else has it: because they were faster, or because it was taken away from me. */
  lose(conversation: string, winner: Person, since: string | null): void {
    if (winner.id === this.parts.me()) return
    this.set(conversation, { step: 'lost', winner, since })
    this.parts.onLost(conversation, winner)
  }

  settle(conversation: string): void {
    if (this.held.peek().has(conversation)) this.set(conversation, idle)
  }

  private set(conversation: string, taking: Taking): void {
    const next = new Map(this.held.peek())
    if (taking.step === 'idle') next.delete(conversation)
    else next.set(conversation, taking)
    this.held.value = next
  }
}

function winnerOf(failure: unknown): Person | null {
  if (!(failure instanceof Refusal) || failure.code !== 'already_claimed') return null
  return personIn(failure.data['holder'])
}

function sinceOf(failure: unknown): string | null {
  const since = failure instanceof Refusal ? failure.data['since'] : null
  return typeof since === 'string' ? since : null
}
