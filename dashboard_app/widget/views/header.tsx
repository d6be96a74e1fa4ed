import { t } from '../texts'
import { Icon } from './icons'
import { nameOf, type Model } from './model'

/** Who the visitor talks with, and the way out. */
export function Header({ model }: { model: Model }) {
  const who = model.presence.value
  const name = who.kind === 'agent' ? nameOf('agent', who.name) : (model.title ?? t('title'))
  const status = { bot: t('withAssistant'), waiting: t('waiting'), agent: t('withPerson') }[who.kind]
  return (
    <header class="header">
      <Avatar kind={who.kind} name={who.kind === 'agent' ? who.name : null} />
      <div class="who">
        <h2 id="lc-title">{name}</h2>
        <p class={`status ${who.kind}`}>{status}</p>
      </div>
      <button class="plain" aria-label={t('closeChat')} onClick={model.close}>
        <Icon name="close" />
      </button>
    </header>
  )
}

export function Avatar({ kind, name }: { kind: string; name: string | null }) {
  const initials = (name ?? '')
    .split(/\s+/)
    .map((part) => part[0] ?? '')
    .slice(0, 2)
    .join('')
  const icon = kind === 'waiting' ? 'clock' : kind === 'agent' ? 'person' : 'bot'
  return (
    <span class={`avatar ${kind}`} aria-hidden="true">
      {initials || <Icon name={icon} />}
    </span>
  )
}
