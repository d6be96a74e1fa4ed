import { Icon, type IconName } from '../../ui/icons'
import type { Desk } from '../state/desk'
import { waitSince, type Urgency } from '../state/wait'

const icons: Record<Urgency, IconName> = { fresh: 'clock', soon: 'alarm', late: 'alert' }

/** How long a customer has waited: word, icon and colour say the same. */
export function WaitChip({ desk, since }: { desk: Desk; since: string }) {
  const { urgency, word, time } = waitSince(since, desk.ticker.now.value)
  return (
    <span class={`chip wait-${urgency}`}>
      <Icon name={icons[urgency]} size={14} />
      <span>{word}</span> <span class="digits">{time}</span>
    </span>
  )
}
