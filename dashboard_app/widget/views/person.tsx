import { useEffect } from 'preact/hooks'
import type { Asked } from '../asking'
import { locale, t } from '../texts'
import { opening } from '../when'
import { Icon } from './icons'
import { restFocus, type Model } from './model'

/** The way to a person: offered exactly when the service says so, and what became of asking. */
export function Person({ model }: { model: Model }) {
  const { asking, chat } = model
  const who = model.presence.value.kind
  useEffect(() => asking.clear(), [who])
  const ask = (): void => {
    void asking.request()
    restFocus(model)
  }
  if (who === 'waiting') return <p class="note waiting">{t('keepWriting')}</p>
  if (who === 'agent') return null
  const asked = asking.state.value
  const around = chat.around.value
  const offered = around?.button === true
  return (
    <>
      <Answer asked={asked} now={chat.ports.now()} />
      {(offered || asked.kind === 'asking') && (
        <button class="person" aria-disabled={asked.kind === 'asking'} onClick={ask}>
          <Icon name="person" />{' '}
          {asked.kind === 'asking' ? t('asking') : (around?.config.texts.talk_to_human ?? t('talkToHuman'))}
        </button>
      )}
      {around?.form && (
        <button class="person" onClick={() => model.leaveDetails()}>
          <Icon name="chat" /> {around.config.texts.leave_details}
        </button>
      )}
    </>
  )
}

function Answer({ asked, now }: { asked: Asked; now: number }) {
  const text = answer(asked, now)
  return <div role="status">{text && <p class="note">{text}</p>}</div>
}

function answer(asked: Asked, now: number): string | null {
  switch (asked.kind) {
    case 'failed':
      return t('askFailed')
    case 'impossible':
      return t('cannotAsk')
    case 'closed':
      return asked.nextOpening
        ? t('closedUntil', { when: opening(asked.nextOpening, now, locale()) })
        : t('closed')
    default:
      return null
  }
}
