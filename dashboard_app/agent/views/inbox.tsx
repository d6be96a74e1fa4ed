import { Icon } from '../../ui/icons'
import { openList } from '../state/commands'
import type { Desk } from '../state/desk'
import { toPath, type ListName } from '../state/route'
import { useWanted } from './focus'
import { link } from './link'
import { RowList } from './row_list'

/** The list pane: what it is, its tabs, the search and the rows. */
export function InboxPane({ desk }: { desk: Desk }) {
  const { list } = desk.parts.router.route.value
  return (
    <section class="inbox" aria-label={list === 'bot' ? 'With the bot' : 'Live Chat'}>
      <header class="inbox-head">
        <h1>{list === 'bot' ? 'With the bot' : 'Live Chat'}</h1>
      </header>
      {list === 'bot' ? (
        <p class="inbox-about">The assistant is answering these. Open one to look on, or step in.</p>
      ) : (
        <Tabs desk={desk} list={list} />
      )}
      <SearchBox desk={desk} list={list} />
      {(list === 'mine' || list === 'claimed') && <Whose desk={desk} list={list} />}
      <RowList desk={desk} list={list} />
      <SoundChip desk={desk} />
    </section>
  )
}

function SoundChip({ desk }: { desk: Desk }) {
  if (!desk.alerts.blocked.value || !desk.parts.preferences.value.value.sounds) return null
  return (
    <button type="button" class="chip sound-chip" onClick={() => void desk.alerts.unblock()}>
      <Icon name="silent" size={14} /> Sound is blocked – click to enable
    </button>
  )
}

function Tabs({ desk, list }: { desk: Desk; list: ListName }) {
  const counts = desk.inbox.counts.value
  const glow = desk.alerts.glow.value
  const tabs = [
    {
      to: 'pending',
      name: 'Pending',
      count: counts?.pending,
      here: list === 'pending',
      glows: glow === 'waiting',
    },
    {
      to: 'mine',
      name: 'Claimed',
      count: counts?.claimed,
      here: list === 'mine' || list === 'claimed',
      glows: glow === 'message',
    },
    { to: 'resolved', name: 'Resolved', count: counts?.resolved, here: list === 'resolved', glows: false },
  ] as const
  return (
    <nav class="tabs" aria-label="Conversations">
      {tabs.map(({ to, name, count, here, glows }, index) => (
        <a
          class={`tab${glows ? ' glows' : ''}`}
          href={toPath({ list: to, conversation: null })}
          aria-current={here ? 'page' : undefined}
          title={`${name} (${index + 1})`}
          onClick={link(() => openList(desk, to))}
        >
          {name} <span class="tab-count">{count ?? '–'}</span>
        </a>
      ))}
    </nav>
  )
}

function Whose({ desk, list }: { desk: Desk; list: ListName }) {
  const all = desk.inbox.counts.value?.claimed ?? 0
  const choices = [
    { to: 'mine', name: 'Mine', count: desk.mine.value },
    { to: 'claimed', name: 'All', count: all },
  ] as const
  return (
    <nav class="whose" aria-label="Whose">
      {choices.map(({ to, name, count }) => (
        <a
          href={toPath({ list: to, conversation: null })}
          aria-current={list === to ? 'page' : undefined}
          onClick={link(() => openList(desk, to))}
        >
          {name} <span class="digits">{count}</span>
        </a>
      ))}
    </nav>
  )
}

function SearchBox({ desk, list }: { desk: Desk; list: ListName }) {
  const input = useWanted<HTMLInputElement>(desk, 'search')
  const text = desk.search.text.value
  return (
    <label class="search">
      <Icon name="search" size={16} />
      <span class="quiet">Search</span>
      <input
        ref={input}
        type="search"
        placeholder="Search"
        value={text}
        onInput={(event) => desk.search.look(list, event.currentTarget.value)}
      />
      {text === '' && <kbd aria-hidden="true">/</kbd>}
    </label>
  )
}
