import { signal, type ReadonlySignal } from '@preact/signals'
import type { Cancel } from '../../connection/ports'
import type { Clock } from './clock'
import { belongs } from './order'
import type { InboxRow } from './wire'

const REPEAT_MS = 30_000
const GLOW_MS = 4_000

export type Tone = 'waiting' | 'message'

/** What makes the sounds; `blocked` until the browser lets a page be heard. */
export interface Speaker {
  play(tone: Tone): void
  blocked(): boolean
  unblock(): Promise<void>
}

export interface AlertParts {
  clock: Clock
  speaker: Speaker
  me: () => string
  wanted: () => boolean
  /** The agent looks at this conversation right now. */
  onScreen: (conversation: string) => boolean
  waiting: () => readonly InboxRow[]
}

/** Two sounds, each with something to see: the tab whose count glows. */
export class Alerts {
  readonly blocked: ReadonlySignal<boolean>
  readonly glow: ReadonlySignal<Tone | null>
  private readonly mute
  private readonly glowing = signal<Tone | null>(null)
  private stopGlow: Cancel = () => undefined
  private stopRepeat: Cancel = () => undefined

  constructor(private readonly parts: AlertParts) {
    this.mute = signal(parts.speaker.blocked())
    this.blocked = this.mute
    this.glow = this.glowing
  }

  /** A row changed while the agent works; the first reading of a list is no news. */
  notice(before: InboxRow | undefined, now: InboxRow): void {
    if (this.parts.onScreen(now.conversation_id)) return
    if (now.status === 'pending' && before?.status !== 'pending') this.raise('waiting')
    else if (belongs(now, 'mine', this.parts.me()) && spoke(before, now)) this.raise('message')
  }

  async unblock(): Promise<void> {
    await this.parts.speaker.unblock()
    this.mute.value = this.parts.speaker.blocked()
  }

  test(): void {
    void this.unblock().then(() => this.parts.speaker.play('message'))
  }

  private raise(tone: Tone): void {
    this.glowing.value = tone
    this.stopGlow()
    this.stopGlow = this.parts.clock.after(GLOW_MS, () => (this.glowing.value = null))
    this.sound(tone)
    if (tone === 'waiting') this.repeatLater()
  }

  private sound(tone: Tone): void {
    this.mute.value = this.parts.speaker.blocked()
    if (this.parts.wanted() && !this.mute.peek()) this.parts.speaker.play(tone)
  }

  /** A waiting customer is called out again until somebody takes or looks at them. */
  private repeatLater(): void {
    this.stopRepeat()
    this.stopRepeat = this.parts.clock.after(REPEAT_MS, () => {
      if (!this.parts.waiting().some((row) => !this.parts.onScreen(row.conversation_id))) return
      this.sound('waiting')
      this.repeatLater()
    })
  }
}

function spoke(before: InboxRow | undefined, now: InboxRow): boolean {
  return now.preview?.actor === 'customer' && before !== undefined && now.preview.at !== before.preview?.at
}
