import { signal, type ReadonlySignal } from '@preact/signals'
import { Refusal } from '../../connection'
import { reasonOf } from './api'
import { Desk, type DeskParts } from './desk'
import { settingsDraftKey } from './settings'
import type { Agent } from './wire'

export type Stage = 'loading' | 'out' | 'in' | 'unreachable'

const RETRY_MS = 3_000

/** Who is signed in; each sign-in has a desk of its own. */
export class App {
  readonly stage: ReadonlySignal<Stage>
  readonly desk: ReadonlySignal<Desk | null>
  /** Why the last try to sign in failed, or why one is needed again. */
  readonly trouble = signal<string | null>(null)
  private readonly at = signal<Stage>('loading')
  private readonly current = signal<Desk | null>(null)

  constructor(private readonly parts: Omit<DeskParts, 'agent' | 'onEnded'>) {
    this.stage = this.at
    this.desk = this.current
    parts.api.onSignedOut = () => this.ended()
  }

  /** Looks whether the browser still has a session. */
  async begin(): Promise<void> {
    try {
      this.enter((await this.parts.api.session()).agent)
    } catch (failure) {
      if (failure instanceof Refusal && failure.status === 401) {
        this.at.value = 'out'
        return
      }
      this.at.value = 'unreachable'
      this.parts.ports.after(RETRY_MS, () => void this.begin())
    }
  }

  async signIn(email: string, password: string): Promise<void> {
    this.trouble.value = null
    try {
      this.enter((await this.parts.api.signIn(email, password)).agent)
    } catch (failure) {
      this.trouble.value = reasonOf(failure)
    }
  }

  /** Leaves nothing behind on a shared computer: drafts and unsent lines go, too. */
  async signOut(): Promise<void> {
    const desk = this.current.peek()
    desk?.drafts.forget()
    desk?.outgoing.forget()
    desk?.files.forget()
    if (desk) this.parts.ports.tab.removeItem(settingsDraftKey(desk.agent.id))
    this.leave()
    await this.parts.api.signOut().catch(() => undefined)
  }

  private enter(agent: Agent): void {
    const desk = new Desk({ ...this.parts, agent, onEnded: () => this.ended() })
    this.current.value = desk
    this.at.value = 'in'
    desk.start()
  }

  private ended(): void {
    if (this.at.peek() !== 'in') return
    this.trouble.value = 'Your session has ended. Sign in again; what you wrote is kept.'
    this.leave()
  }

  private leave(): void {
    this.current.peek()?.stop()
    this.current.value = null
    this.at.value = 'out'
  }
}
