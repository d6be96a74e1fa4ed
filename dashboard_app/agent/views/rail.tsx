import { Icon, type IconName } from '../../ui/icons'
import { Logo } from '../../ui/logo'
import { openList, openSettings } from '../state/commands'
import type { Desk } from '../state/desk'
import { toPath, type ListName } from '../state/route'
import { link } from './link'
import { YouButton } from './you'

interface Entry {
  list: ListName
  icon: IconName
  name: string
  here: (list: ListName) => boolean
}

const entries: readonly Entry[] = [
  { list: 'pending', icon: 'chat', name: 'Live Chat', here: (list) => list !== 'bot' },
  { list: 'bot', icon: 'bot', name: 'With the bot', here: (list) => list === 'bot' },
]

/** The pages: a rail at the side, on phones a bar at the bottom. */
export function Rail({ desk }: { desk: Desk }) {
  const { page, list } = desk.parts.router.route.value
  return (
    <nav class="rail" aria-label="Pages">
      <span class="rail-logo">
        <Logo size={28} />
      </span>
      {entries.map((entry) => (
        <a
          class="rail-entry"
          href={toPath({ list: entry.list, conversation: null })}
          aria-current={page === 'chat' && entry.here(list) ? 'page' : undefined}
          title={entry.name}
          onClick={link(() => openList(desk, entry.list))}
        >
          <Icon name={entry.icon} size={22} />
          {entry.list === 'pending' && <Waiting desk={desk} />}
          <span class="rail-name">{entry.name}</span>
        </a>
      ))}
      <span class="rail-space" />
      <a
        class="rail-entry"
        href={toPath({ page: 'settings', list, conversation: null })}
        aria-current={page === 'settings' ? 'page' : undefined}
        title="Settings (G then S)"
        onClick={link(() => openSettings(desk))}
      >
        <Icon name="sliders" size={22} />
        <span class="rail-name">Settings</span>
      </a>
      <button
        type="button"
        class="rail-entry rail-help"
        title="Keyboard shortcuts (?)"
        onClick={() => (desk.help.value = true)}
      >
        <Icon name="keyboard" size={22} />
        <span class="rail-name">Shortcuts</span>
      </button>
      <YouButton desk={desk} />
    </nav>
  )
}

function Waiting({ desk }: { desk: Desk }) {
  const waiting = desk.inbox.counts.value?.pending ?? 0
  if (waiting === 0) return null
  return (
    <span class="rail-badge">
      {waiting > 99 ? '99+' : waiting}
      <span class="quiet"> waiting</span>
    </span>
  )
}
