import { useEffect, useRef, useState } from 'preact/hooks'
import type { WireEvent } from '../../protocol/wire'
import { t } from '../texts'
import { nameOf, type Model } from './model'

/**
 * The one live region: says each new message once, and once that somebody is typing. What was there before it came is
 * history and stays unsaid.
 */
export function Announcer({ model }: { model: Model }) {
  const { events, typing, caughtUp } = model.chat
  const said = useRef<number | null>(null)
  const [text, setText] = useState('')
  const news = events.value
  const last = news.at(-1)?.seq ?? 0
  const who = typing.who.value
  const typist = who && nameOf(who.kind, who.name)

  useEffect(() => {
    const from = said.current
    said.current = caughtUp.value ? last : null
    if (from === null) return
    const fresh = news.filter((event) => event.seq > from).flatMap((event) => spoken(event, model) ?? [])
    if (fresh.length > 0) setText(fresh.join('\n'))
  }, [last, caughtUp.value])
  useEffect(() => {
    if (typist) setText(t('typing', { name: typist }))
  }, [typist])
  return (
    <div class="hidden" aria-live="polite">
      {text}
    </div>
  )
}

function spoken(event: WireEvent, { files }: Model): string | null {
  const { kind, name } = event.actor
  if (event.kind === 'state' && event.state === 'claimed')
    return name ? t('joined', { name }) : t('joinedSomebody')
  const text = event.text || event.attachments.map((file) => files.value?.name(file)).join(', ')
  if (event.kind !== 'message' || kind === 'customer' || !text) return null
  return t('said', { name: nameOf(kind, name), text })
}
