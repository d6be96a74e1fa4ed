import { Icon } from '../../ui/icons'
import { canTake, openNextWaiting, stayAndWatch, take } from '../state/commands'
import type { Desk } from '../state/desk'
import { footOf, type Foot } from '../state/foot'
import type { Thread } from '../state/thread'
import { saveAsNote } from '../state/writing'
import { Composer } from './composer'
import { useWanted } from './focus'
import { timeOf } from './when'

export function FootView({ desk, thread }: { desk: Desk; thread: Thread }) {
  const resolved = thread.about.value?.handover?.status === 'resolved'
  const foot = footOf(thread.standing.value, desk.claiming.of(thread.id), desk.agent.id, resolved)
  if (foot.kind === 'composer') return <Composer desk={desk} thread={thread} tabs={['reply', 'note']} />
  if (desk.noting.value) return <Composer desk={desk} thread={thread} tabs={['note']} />
  return (
    <footer class="foot">
      <KeptDraft desk={desk} thread={thread} />
      {foot.kind === 'lost' && <Lost desk={desk} thread={thread} foot={foot} />}
      {foot.kind === 'watching' && <Watching desk={desk} holder={foot.holder} />}
      {foot.kind === 'take' && <TakeOver desk={desk} thread={thread} foot={foot} />}
    </footer>
  )
}

/** A reply that was begun under a claim that is gone. */
function KeptDraft({ desk, thread }: { desk: Desk; thread: Thread }) {
  const { reply } = desk.drafts.of(thread.id)
  if (reply.trim() === '') return null
  return (
    <p class="kept">
      <span class="kept-text">
        <strong>Your draft is kept:</strong> {reply}
      </span>
      <button type="button" class="button small-button" onClick={() => saveAsNote(desk, thread)}>
        <Icon name="note" size={16} /> Save as note
      </button>
    </p>
  )
}

function Lost({ desk, thread, foot }: { desk: Desk; thread: Thread; foot: Extract<Foot, { kind: 'lost' }> }) {
  const next = useWanted<HTMLButtonElement>(desk, 'offer')
  return (
    <div class="offer">
      <span class="offer-words">
        <strong>{foot.winner.name} took this a moment ago</strong>
        <span class="muted">{foot.since ? `at ${timeOf(foot.since)}. ` : ''}Only one of you can answer.</span>
      </span>
      <button type="button" class="button primary" ref={next} onClick={() => openNextWaiting(desk)}>
        Next waiting <kbd aria-hidden="true">↵</kbd>
      </button>
      <button type="button" class="button" onClick={() => stayAndWatch(desk, thread)}>
        Stay and watch
      </button>
    </div>
  )
}

function Watching({ desk, holder }: { desk: Desk; holder: string }) {
  return (
    <div class="offer">
      <span class="offer-words">
        <strong>{holder} is handling this</strong>
        <span class="muted">You are watching.</span>
      </span>
      <AddNote desk={desk} />
    </div>
  )
}

function AddNote({ desk }: { desk: Desk }) {
  const open = (): void => {
    desk.noting.value = true
    desk.focus.ask('composer')
  }
  return (
    <button type="button" class="button" title="Private note (N)" onClick={open}>
      <Icon name="note" size={18} /> Add note
    </button>
  )
}

const words = {
  queue: 'The assistant is silent. The customer waits for one of you.',
  bot: 'The assistant is answering. Taking over makes it silent.',
  resolved: 'Resolved. The assistant answers what comes next.',
}

function TakeOver({
  desk,
  thread,
  foot,
}: {
  desk: Desk
  thread: Thread
  foot: Extract<Foot, { kind: 'take' }>
}) {
  const offline = !desk.reach.online.value
  return (
    <div class="take">
      <div class="take-line">
        <button
          type="button"
          class={`button take-button${foot.from === 'queue' ? ' primary' : ''}`}
          disabled={!canTake(desk, thread) || foot.busy}
          aria-describedby="take-words"
          onClick={() => take(desk, thread)}
        >
          {foot.busy ? 'Taking over…' : 'Take Over'} {!foot.busy && <kbd aria-hidden="true">C</kbd>}
        </button>
        <AddNote desk={desk} />
      </div>
      <p class="take-words" id="take-words" role={foot.failed ? 'alert' : undefined}>
        {foot.failed ?? (offline ? 'Not while the connection is away.' : words[foot.from])}
      </p>
    </div>
  )
}
