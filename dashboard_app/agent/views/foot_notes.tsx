import { Icon } from '../../ui/icons'
import type { Desk } from '../state/desk'
import type { Thread } from '../state/thread'
import { duration } from '../state/wait'
import { windowOfThread } from '../state/writing'
import { channelName } from './channel'

const firstName = (thread: Thread): string =>
  thread.about.value?.customer.name?.split(' ')[0] ?? 'the customer'

/** What one should know before writing: that the channel closes soon, or that nothing arrives. */
export function FootNotes({ desk, thread }: { desk: Desk; thread: Thread }) {
  const about = thread.about.value
  const window = windowOfThread(desk, thread)
  const channel = channelName(about?.channel ?? '')
  if (!about) return null
  return (
    <>
      {about.blocked && (
        <p class="foot-note danger-note">
          <Icon name="block" size={16} /> {customerBlocked(thread, channel)}
        </p>
      )}
      {window?.closing && (
        <p class="foot-note">
          <Icon name="hourglass" size={16} />
          <span>
            <strong class="digits">{duration(window.left)}</strong> left to answer on {channel}, unless{' '}
            {firstName(thread)} writes again.
          </span>
        </p>
      )}
    </>
  )
}

function customerBlocked(thread: Thread, channel: string): string {
  const name = firstName(thread)
  return `${name.charAt(0).toUpperCase()}${name.slice(1)} has blocked this chat on ${channel}. What you send won’t arrive.`
}

/** In the place of the reply when the channel takes none any more. */
export function ClosedWindow({ desk, thread }: { desk: Desk; thread: Thread }) {
  const { reply } = desk.drafts.of(thread.id)
  const files = desk.files.drafted(thread.id).length
  const kept = [reply.trim(), files === 0 ? '' : files === 1 ? '1 file' : `${files} files`].filter(Boolean)
  const channel = channelName(thread.about.value?.channel ?? '')
  return (
    <div class="window-closed" role="status">
      <p class="window-closed-title">
        <Icon name="lock" size={18} /> {channel} takes no reply right now
      </p>
      <p class="muted">
        More than 24 hours have passed since the last message of {firstName(thread)}. They have to write
        first; then you can answer here.
      </p>
      {kept.length > 0 && (
        <p class="window-kept">
          <strong>Your draft is kept:</strong> {kept.join(' · ')}
        </p>
      )}
    </div>
  )
}
