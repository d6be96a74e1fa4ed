import { signal, type ReadonlySignal } from '@preact/signals'
import type { Clock } from './clock'
import type { Agent, Availability, PartState } from './wire'

/** A short break is nobody's business: only after this long without a connection does a banner say so. */
const SILENT_FOR = 3_000
const BACK_FOR = 2_000

export type Reach = 'fine' | 'away' | 'back'

/** Whether the service is reached, as people should be told of it. */
export class Reachability {
  readonly reach: ReadonlySignal<Reach>
  /** Actions that need the service are off as soon as it is gone, before any banner. */
  readonly online: ReadonlySignal<boolean>
  private readonly shown = signal<Reach>('fine')
  private readonly up = signal(true)
  private cancel: () => void = () => undefined

  constructor(private readonly clock: Clock) {
    this.reach = this.shown
    this.online = this.up
  }

  lost(): void {
    if (!this.up.peek()) return
    this.up.value = false
    this.cancel()
    this.cancel = this.clock.after(SILENT_FOR, () => (this.shown.value = 'away'))
  }

  found(): void {
    if (this.up.peek()) return
    this.up.value = true
    this.cancel()
    if (this.shown.peek() !== 'away') return
    this.shown.value = 'back'
    this.cancel = this.clock.after(BACK_FOR, () => (this.shown.value = 'fine'))
  }
}

const troubles: Record<string, string> = {
  redis: 'Redis can’t be reached. Claims go on; updates may take 5 s longer.',
  database: 'The database can’t be reached. What you write is kept and sent when it is back.',
  rasa: 'The assistant can’t be reached. You can still talk to customers on the website; replies to other channels wait.',
  mail: 'Mail can’t be sent. Notifications wait and go out when it is back.',
  settings: 'livechat.yml has a mistake and is not in force; the settings before it are. See Settings.',
}

/** An agent can do nothing about these, and is not held up by them. */
const forAdmins = new Set(['mail'])

/** One sentence for each part that is not well, as far as it is the reader's business. */
export function troublesOf(parts: Readonly<Record<string, PartState>>, role: Agent['role']): string[] {
  return Object.entries(parts)
    .filter(([name, part]) => !part.ok && (role !== 'agent' || !forAdmins.has(name)))
    .map(([name, part]) => troubleOf(name, part))
}

function troubleOf(name: string, { note }: PartState): string {
  const known = troubles[name]
  if (known && name === 'mail' && note) return `${known} ${note}`
  return known ?? `${name} is not well${note ? `: ${note}` : '.'}`
}

/** Why no new conversation can come in; null while one can. */
export function closedBecause({ open, reason, next_opening }: Availability): string | null {
  if (open) return null
  switch (reason) {
    case 'plan':
      return 'Live chat is not part of the Free plan. Basic, Pro and Scale have it.'
    case 'off':
      return 'Live chat is switched off in the settings.'
    case 'hours':
      return `Outside business hours: customers can leave a message.${next_opening ? ` ${opensAt(next_opening)}` : ''}`
    case 'nobody':
      return 'No agent is signed in: customers can leave a message.'
    case 'open':
      return null
  }
}

function opensAt(iso: string): string {
  const words: Intl.DateTimeFormatOptions = { weekday: 'short', hour: '2-digit', minute: '2-digit' }
  return `Live chat opens ${new Intl.DateTimeFormat(undefined, words).format(new Date(iso))}.`
}
