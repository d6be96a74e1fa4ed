import type { Actor } from '../../protocol/wire'
import { t } from '../texts'
import { nameOf } from './model'

/** Three dots in the place where the message will be; what they mean is said by the announcer. */
export function Typing({ who }: { who: Actor | null }) {
  if (!who) return null
  return (
    <li class={`message first ${who.kind === 'bot' ? 'bot' : 'agent'}`}>
      <p class="by">{nameOf(who.kind, who.name)}</p>
      <p class="text dots" role="img" aria-label={t('typing', { name: nameOf(who.kind, who.name) })}>
        <i />
        <i />
        <i />
      </p>
    </li>
  )
}
