import { Icon } from '../../ui/icons'
import { Linked } from '../../ui/linked'
import type { Desk } from '../state/desk'
import type { Attached } from '../state/files'
import type { OutgoingLine } from '../state/outgoing'
import { FileChip } from './chip'

/** A line of mine that the service has not stored yet. */
export function Pending({ desk, line }: { desk: Desk; line: OutgoingLine }) {
  const note = line.tab === 'note'
  const files = line.files.map((file) => live(desk, file))
  const online = desk.reach.online.value
  const uploading = online && files.some(({ id, why }) => id === null && why === null)
  return (
    <li class={`line joined ${note ? 'note' : 'ours'} by-me`}>
      {files.length > 0 && (
        <ul class="file-chips">
          {files.map((file) => (
            <FileChip key={file.key} file={file} online={online} />
          ))}
        </ul>
      )}
      {line.text !== '' && (
        <div class="bubble">
          <Linked text={line.text} />
        </div>
      )}
      {line.state === 'sending' || (uploading && line.why === null) ? (
        <p class="fate">
          <Icon name="clock" size={14} /> {uploading ? 'Uploading…' : 'Sending…'}
        </p>
      ) : (
        <Unsent desk={desk} line={line} />
      )}
    </li>
  )
}

/** How far a file is by now; after a reload only what was written down of it is known. */
function live(desk: Desk, file: Attached): Attached & { part: number; why: string | null } {
  return desk.files.all.value.get(file.key) ?? { ...file, part: 0, why: file.id ? null : 'Not uploaded' }
}

function Unsent({ desk, line }: { desk: Desk; line: OutgoingLine }) {
  return (
    <div class="fate fate-failed" role="status">
      <span class="fate-words">
        <Icon name="error" size={14} /> Not sent{line.why ? `: ${line.why}` : ''}
      </span>
      <button type="button" class="link" onClick={() => desk.outgoing.retry(line.id)}>
        Retry
      </button>
      {line.text !== '' && (
        <button type="button" class="link" onClick={() => void copy(desk, line.text)}>
          Copy
        </button>
      )}
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
