import { Icon } from '../../ui/icons'
import { Linked } from '../../ui/linked'
import type { Desk } from '../state/desk'
import type { Fate } from '../state/fate'
import type { Bubble } from '../state/lines'
import { customerName } from '../state/names'
import type { Thread } from '../state/thread'
import { AttachmentView } from './attachment'
import { FateView } from './fate'
import { fullTime, timeOf } from './when'

interface BubbleProps {
  line: Bubble
  fate: Fate | undefined
  desk: Desk
  thread: Thread
}

export function BubbleView({ line, fate, desk, thread }: BubbleProps) {
  const stopped = desk.resolving.stopped.value
  const marked = stopped?.conversation === thread.id && stopped.seq === line.seq
  const side = line.kind === 'note' ? 'note' : line.voice === 'customer' ? 'theirs' : 'ours'
  return (
    <li
      class={`line ${side} by-${line.voice}${line.joined ? ' joined' : ''}${marked ? ' marked' : ''}`}
      data-seq={line.seq}
    >
      {!line.joined && <ByLine line={line} thread={thread} />}
      {line.attachments.map((attachment) => (
        <AttachmentView key={attachment.id ?? attachment.url} attachment={attachment} desk={desk} />
      ))}
      {(line.text !== '' || line.deleted) && (
        <div class="bubble" title={fullTime(line.at)}>
          {line.deleted ? <em>Deleted</em> : <Linked text={line.text} />}
        </div>
      )}
      {line.contact.length > 0 && (
        <p class="left-details">
          <Icon name="form" size={14} /> Contact form: {line.contact.join(' · ')}
        </p>
      )}
      <Reactions line={line} thread={thread} />
      <Earlier line={line} />
      {line.choices.length > 0 && (
        <ul class="choices" aria-label="Offered choices">
          {line.choices.map((choice) => (
            <li key={choice}>{choice}</li>
          ))}
        </ul>
      )}
      {fate && <FateView fate={fate} line={line} desk={desk} thread={thread} />}
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

function Reactions({ line, thread }: { line: Bubble; thread: Thread }) {
  if (line.reactions.length === 0) return null
  const customer = thread.about.value?.customer
  return (
    <ul class="reactions" aria-label="Reactions">
      {line.reactions.map(({ by, name, sign }) => {
        const who = name ?? (customer ? customerName(customer) : 'The customer')
        return (
          <li key={by} title={who}>
            <span aria-hidden="true">{sign}</span>
            <span class="quiet">
              {who} reacted with {sign}
            </span>
          </li>
        )
      })}
    </ul>
  )
}

/** An edited line says so, and what it said before can be had. */
function Earlier({ line: { earlier } }: { line: Bubble }) {
  if (earlier.length === 0) return null
  return (
    <details class="earlier-words">
      <summary>Edited</summary>
      <ol>
        {earlier.map((text, index) => (
          <li key={index}>
            <span class="quiet">Before: </span>
            <del>{text || '(no words)'}</del>
          </li>
        ))}
      </ol>
    </details>
  )
}
