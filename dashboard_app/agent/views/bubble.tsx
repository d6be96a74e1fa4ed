import { Icon } from '../../ui/icons'
import { Linked } from '../../ui/linked'
import type { Desk } from '../state/desk'
import type { Bubble } from '../state/lines'
import { customerName } from '../state/names'
import type { Thread } from '../state/thread'
import type { Attachment } from '../state/wire'
import { fullTime, timeOf } from './when'

interface BubbleProps {
  line: Bubble
  desk: Desk
  thread: Thread
}

export function BubbleView({ line, desk, thread }: BubbleProps) {
  const stopped = desk.resolving.stopped.value
  const marked = stopped?.conversation === thread.id && stopped.seq === line.seq
  const side = line.kind === 'note' ? 'note' : line.voice === 'customer' ? 'theirs' : 'ours'
  return (
    <li
      class={`line ${side} by-${line.voice}${line.joined ? ' joined' : ''}${marked ? ' marked' : ''}`}
      data-seq={line.seq}
    >
      {!line.joined && <ByLine line={line} thread={thread} />}
      <div class="bubble" title={fullTime(line.at)}>
        {line.deleted ? <em>Deleted</em> : <Linked text={line.text} />}
        {line.attachments.map((attachment) => (
          <AttachmentView key={attachment.url} attachment={attachment} />
        ))}
        {line.edited && <span class="edited"> (edited)</span>}
      </div>
      {line.choices.length > 0 && (
        <ul class="choices" aria-label="Offered choices">
          {line.choices.map((choice) => (
            <li key={choice}>{choice}</li>
          ))}
        </ul>
      )}
      <Fate line={line} thread={thread} me={desk.agent.id} />
    </li>
  )
}

function ByLine({ line, thread }: { line: Bubble; thread: Thread }) {
  const customer = thread.about.value?.customer
  const name = line.voice === 'customer' && customer ? customerName(customer) : line.name
  return (
    <div class="by">
      {line.kind === 'note' && <Icon name="note" size={14} />}
      {line.voice === 'assistant' && <Icon name="bot" size={14} />}
      <span class="by-name">{name}</span>
      {line.kind === 'note' && <span>· private note</span>}
      <time dateTime={line.at}>{timeOf(line.at)}</time>
    </div>
  )
}

/** How far my line got: said once, under the last line that got so far. */
function Fate({ line, thread, me }: { line: Bubble; thread: Thread; me: string }) {
  if (line.trouble === 'failed') {
    return (
      <p class="fate failed">
        <Icon name="error" size={14} /> Not delivered
      </p>
    )
  }
  if (line.trouble === 'unknown') return <p class="fate">May have been sent twice</p>
  if (line.voice !== 'me' || line.kind === 'note') return null
  const { delivered, read } = thread.marks.value
  const last = lastOf(me, thread, read >= line.seq ? read : delivered)
  if (line.seq !== last && line.seq !== lastOf(me, thread, Infinity)) return null
  const words = read >= line.seq ? 'Read' : delivered >= line.seq ? 'Delivered' : 'Sent'
  return (
    <p class="fate">
      <Icon name={words === 'Sent' ? 'check' : 'checks'} size={14} /> {words}
    </p>
  )
}

function lastOf(me: string, thread: Thread, upto: number): number {
  const mine = thread.events.value.findLast(
    ({ kind, actor, seq }) => kind === 'message' && actor.kind === 'agent' && actor.id === me && seq <= upto,
  )
  return mine?.seq ?? -1
}

function AttachmentView({ attachment: { kind, url, name } }: { attachment: Attachment }) {
  if (!/^(https?:\/\/|\/)/.test(url)) return null
  return (
    <a class="attachment" href={url} target="_blank" rel="noopener noreferrer">
      <Icon name={kind === 'image' ? 'page' : 'file'} size={16} />{' '}
      {name ?? (kind === 'image' ? 'Picture' : 'File')}
    </a>
  )
}
