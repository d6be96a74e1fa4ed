import { Icon } from '../../ui/icons'
import { Linked } from '../../ui/linked'
import type { Desk } from '../state/desk'
import type { OutgoingLine } from '../state/outgoing'

/** A line of mine that the service has not stored yet. */
export function Pending({ desk, line }: { desk: Desk; line: OutgoingLine }) {
  const note = line.tab === 'note'
  return (
    <li class={`line joined ${note ? 'note' : 'ours'} by-me`}>
      <div class="bubble">
        <Linked text={line.text} />
      </div>
      {line.state === 'sending' ? (
        <p class="fate">
          <Icon name="clock" size={14} /> Sending…
        </p>
      ) : (
        <Unsent desk={desk} line={line} />
      )}
    </li>
  )
}

function Unsent({ desk, line }: { desk: Desk; line: OutgoingLine }) {
  return (
    <div class="fate failed" role="status">
      <Icon name="error" size={14} /> Not sent{line.why ? `: ${line.why}` : ''}
      <button type="button" class="link" onClick={() => desk.outgoing.retry(line.id)}>
        Retry
      </button>
      <button type="button" class="link" onClick={() => void copy(desk, line.text)}>
        Copy
      </button>
      <button type="button" class="link" onClick={() => desk.outgoing.discard(line.id)}>
        Discard
      </button>
    </div>
  )
}

async function copy(desk: Desk, text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
    desk.notices.show('Copied.')
  } catch {
    desk.notices.show('The browser does not allow copying here.')
  }
}
