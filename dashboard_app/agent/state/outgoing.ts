import { computed, signal, type ReadonlySignal } from '@preact/signals'
import { Outbox, type Ports, type Refusal, type Unsent } from '../../connection'
import type { Tab } from './drafts'

/** So long a line may be on its way before it is shown as not sent; it is still tried behind that. */
const PATIENCE_MS = 10_000

interface Written {
  tab: Tab
  text: string
  /** The claim under which it was written. */
  epoch: number
}

export type Posted = Unsent<Written>

export interface OutgoingLine {
  id: string
  tab: Tab
  text: string
  at: number
  state: 'sending' | 'unsent'
  /** Why the service will not take it; null while only the connection is missing. */
  why: string | null
}

export interface OutgoingParts {
  ports: Ports
  owner: string
  deliver: (item: Posted) => Promise<number>
  /** The claim was lost before the line was stored: its text goes back to the agent. */
  onLost: (item: Posted, refusal: Refusal) => void
}

/** Lines that an agent wrote and that are not in the log yet, per conversation, as the screen shows them. */
export class Outgoing {
  private readonly outbox: Outbox<Written>
  private readonly items = signal<readonly Posted[]>([])
  private readonly late = signal<ReadonlySet<string>>(new Set())
  private readonly lines: ReadonlySignal<ReadonlyMap<string, readonly OutgoingLine[]>>

  constructor(private readonly parts: OutgoingParts) {
    this.outbox = new Outbox<Written>({
      ports: parts.ports,
      key: `livechat.unsent.${parts.owner}`,
      deliver: parts.deliver,
      onChange: (items) => (this.items.value = items),
      onRefused: (item, refusal) => this.refused(item, refusal),
    })
    this.items.value = this.outbox.items
    for (const item of this.outbox.items) this.watch(item.id)
    this.lines = computed(() => byLane(this.items.value, this.late.value))
  }

  of(conversation: string): readonly OutgoingLine[] {
    return this.lines.value.get(conversation) ?? []
  }

  send(conversation: string, written: Written): void {
    this.watch(this.outbox.add(written, conversation).id)
  }

  retry(id: string): void {
    this.late.value = new Set([...this.late.peek()].filter((known) => known !== id))
    this.watch(id)
    this.outbox.retry(id)
  }

  discard(id: string): void {
    this.outbox.drop(id)
  }

  /** The log shows it now. */
  arrived(clientId: string): void {
    this.outbox.settle((item) => item.id === clientId)
  }

  setOnline(online: boolean): void {
    if (online) this.outbox.open()
    else this.outbox.close()
  }

  forget(): void {
    this.outbox.settle(() => true)
  }

  private refused(item: Posted, refusal: Refusal): void {
    if (refusal.code !== 'claim_lost') return
    this.outbox.drop(item.id)
    this.parts.onLost(item, refusal)
  }

  private watch(id: string): void {
    this.parts.ports.after(PATIENCE_MS, () => (this.late.value = new Set([...this.late.peek(), id])))
  }
}

function byLane(
  items: readonly Posted[],
  late: ReadonlySet<string>,
): ReadonlyMap<string, readonly OutgoingLine[]> {
  const lanes = new Map<string, OutgoingLine[]>()
  for (const { id, lane, body, at, refused, seq } of items) {
    const stuck = refused !== undefined || (seq === undefined && late.has(id))
    const state = stuck ? 'unsent' : 'sending'
    const line: OutgoingLine = {
      id,
      tab: body.tab,
      text: body.text,
      at,
      state,
      why: refused?.message ?? null,
    }
    lanes.set(lane, [...(lanes.get(lane) ?? []), line])
  }
  return lanes
}
