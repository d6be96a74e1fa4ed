import { Icon, type IconName } from '../../ui/icons'
import { openNextWaiting, takeNext } from '../state/commands'
import type { Desk } from '../state/desk'
import type { ListName } from '../state/route'

const states: Record<ListName, { icon: IconName; title: string; text: string }> = {
  pending: {
    icon: 'check',
    title: 'Nobody is waiting.',
    text: 'Whoever asks for a person appears here by itself, oldest first.',
  },
  mine: {
    icon: 'inbox',
    title: 'You have no open conversations.',
    text: 'What you take over is listed here until you resolve it.',
  },
  claimed: {
    icon: 'inbox',
    title: 'Nobody has an open conversation.',
    text: 'What the team takes over is listed here until it is resolved.',
  },
  resolved: {
    icon: 'clock',
    title: 'Nothing resolved yet.',
    text: 'Every ended handover is kept here with its outcome.',
  },
  bot: {
    icon: 'bot',
    title: 'The assistant is talking to nobody.',
    text: 'Conversations that it is handling appear here.',
  },
}

export function EmptyList({ desk, list }: { desk: Desk; list: ListName }) {
  const q = desk.search.text.value.trim()
  if (q !== '') {
    return (
      <div class="empty" role="status">
        <p class="empty-title">No conversation matches “{q}”.</p>
        <button type="button" class="button" onClick={() => desk.search.clear()}>
          Clear the search
        </button>
      </div>
    )
  }
  const { icon, title, text } = states[list]
  const someWait = (desk.inbox.counts.value?.pending ?? 0) > 0
  return (
    <div class="empty">
      <span class="empty-icon">
        <Icon name={icon} size={24} />
      </span>
      <p class="empty-title">{title}</p>
      <p class="muted">{text}</p>
      {list === 'mine' && someWait && (
        <button type="button" class="button primary" onClick={() => takeNext(desk)}>
          Take the next one
        </button>
      )}
    </div>
  )
}

const hints = [
  ['J', 'K', 'move through the list'],
  ['Enter', '', 'open'],
  ['C', '', 'take over'],
  ['?', '', 'all shortcuts'],
] as const

/** The conversation's place while none is open. */
export function NoConversation({ desk }: { desk: Desk }) {
  const waiting = desk.inbox.counts.value?.pending ?? 0
  return (
    <div class="empty no-conversation">
      <span class="empty-icon">
        <Icon name="chat" size={24} />
      </span>
      <p class="empty-title">
        {waiting === 0
          ? 'All quiet.'
          : waiting === 1
            ? 'One customer is waiting.'
            : `${waiting} customers are waiting.`}
      </p>
      {waiting > 0 && (
        <button type="button" class="button primary" onClick={() => openNextWaiting(desk)}>
          Open the longest waiting
        </button>
      )}
      {desk.parts.preferences.value.value.letters && (
        <ul class="hints">
          {hints.map(([first, second, what]) => (
            <li key={what}>
              <kbd>{first}</kbd> {second && <kbd>{second}</kbd>} {what}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
