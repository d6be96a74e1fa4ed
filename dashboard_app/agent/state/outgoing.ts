import { computed, signal, type ReadonlySignal } from '@preact/signals'
import { Outbox, type Ports, type Refusal, type Unsent } from '../../connection'
import type { Tab } from './drafts'
import type { Attached } from './files'

/** So long a line may be on its way before it is shown as not sent; it is still tried behind that. */
const PATIENCE_MS = 10_000

/** Refusals after which writing the same line again makes no sense here and now. */
const GIVEN_BACK = new Set(['claim_lost', 'window_closed'])

interface Written {
  tab: Tab
  text: string
  /** The claim under which it was written. */
  epoch: number
  files?: readonly Attached[]
}

export type Posted = Unsent<Written>

export interface OutgoingLine {
  id: string
  tab: Tab
  text: string
  files: readonly Attached[]
  at: number
  state: 'sending' | 'unsent'
  /** Why the service will not take it; null while only the connection is missing. */
  why: string | null
}

export interface OutgoingParts {
  ports: Ports
  owner: string
  deliver: (item: Posted) => Promise<number>
  /** The customer can't be written to any more, or not now: what was written goes back to the agent. */
  onLost: (item: Posted, refusal: Refusal) => void
  /** It is in the log, or was discarded. */
  onGone: (item: Posted) => void
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
    this.leave(id)
    this.outbox.drop(id)
  }

  /** The log shows it now. */
  arrived(clientId: string): void {
    this.leave(clientId)
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
    if (!GIVEN_BACK.has(refusal.code)) return
    this.outbox.drop(item.id)
    this.parts.onLost(item, refusal)
  }

  private leave(id: string): void {
    const item = this.outbox.items.find((each) => each.id === id)
    if (item) this.parts.onGone(item)
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
      files: body.files ?? [],
      at,
      state,
      why: refused?.message ?? null,
    }
    lanes.set(lane, [...(lanes.get(lane) ?? []), line])
  }
  return lanes
}
