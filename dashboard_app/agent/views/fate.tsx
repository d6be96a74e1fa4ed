import { Icon, type IconName } from '../../ui/icons'
import type { Desk } from '../state/desk'
import type { Fate } from '../state/fate'
import type { Bubble } from '../state/lines'
import type { Thread } from '../state/thread'
import type { DeliveryStatus } from '../state/wire'
import { redeliver } from '../state/writing'
import { channelName } from './channel'

/** So long a message may wait in line before giving it up is offered. */
const PATIENCE_MS = 20_000

interface FateProps {
  fate: Fate
  line: Bubble
  desk: Desk
  thread: Thread
}

const icons: Record<DeliveryStatus, IconName> = {
  queued: 'clock',
  sent: 'check',
  delivered: 'checks',
  read: 'checks',
  failed: 'error',
  unknown: 'alert',
  skipped: 'skip',
}

/** How far a message of ours got, in words; and what can be done about one that does not get through. */
export function FateView({ fate, line, desk, thread }: FateProps) {
  const { state, twice, missing } = fate
  const quiet = state === 'sent' || state === 'delivered' || state === 'read'
  const twiceWords = twice && state !== 'unknown'
  return (
    // That all goes well is not read out; that something does not is.
    <div class={`fate fate-${state}`} aria-live={quiet && !twice && !missing.length ? 'off' : undefined}>
      <span class="fate-words">
        <Icon name={icons[state]} size={14} /> {words(fate, thread)}
      </span>
      {twiceWords && (
        <span class="fate-words twice">
          <Icon name="alert" size={14} /> May have been sent twice
        </span>
      )}
      {missing.map((what) => (
        <span class="fate-words missing" key={what}>
          <Icon name="alert" size={14} /> {what}
        </span>
      ))}
      <Ways state={state} line={line} desk={desk} thread={thread} />
    </div>
  )
}

function words({ state, why, mailed }: Fate, thread: Thread): string {
  switch (state) {
    case 'queued':
      return why ? `Waiting: ${why}` : 'Sending…'
    case 'sent':
      return mailed ? `Sent by mail to ${mailed}` : 'Sent'
    case 'delivered':
      return 'Delivered'
    case 'read':
      return 'Read'
    case 'failed':
      return why ? `Not delivered: ${why}` : 'Not delivered'
    case 'unknown':
      return `No answer from ${channelName(thread.about.value?.channel ?? '')}. It may be sent twice.`
    case 'skipped':
      return 'Skipped: it is not sent any more'
  }
}

function Ways({ state, line, desk, thread }: Omit<FateProps, 'fate'> & { state: DeliveryStatus }) {
  if (!desk.holds(thread)) return null
  const stuck = state === 'queued' && desk.ticker.now.value - Date.parse(line.at) > PATIENCE_MS
  const busy = desk.redelivery.isBusy(thread.id, line.seq)
  const offline = !desk.reach.online.value
  const way = (verb: 'retry' | 'skip', name: string, title: string) => (
    <button
      type="button"
      class="link"
      disabled={busy || offline}
      title={offline ? 'Not while the connection is away' : title}
      onClick={() => redeliver(desk, thread, line.seq, verb)}
    >
      {name}
    </button>
  )
  return (
    <>
      {state === 'failed' && way('retry', 'Retry', 'Send it again')}
      {(state === 'failed' || state === 'unknown' || stuck) && way('skip', 'Skip', 'Don’t send it any more')}
    </>
  )
}
