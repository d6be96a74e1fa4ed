import { Linked } from '../../ui/linked'
import type { MessageLine } from '../lines'
import { locale, t } from '../texts'
import { clock } from '../when'
import { nameOf, restFocus, type Model } from './model'

export function Message({ line, model }: { line: MessageLine; model: Model }) {
  const name = line.from === 'me' ? t('you') : nameOf(line.from, line.name)
  return (
    <li class={`message ${line.from}${line.first ? ' first' : ''}`}>
      {line.first && (
        <p class="by">
          <span class={line.from === 'me' ? 'hidden' : ''}>{name}</span>{' '}
          <time dateTime={new Date(line.at).toISOString()}>{clock(line.at, locale())}</time>
        </p>
      )}
      {line.text && (
        <p class="text">
          <Linked text={line.text} />
        </p>
      )}
      {line.attachments.map((attachment) => model.files.value?.show(attachment))}
      {line.buttons.length > 0 && <Buttons line={line} model={model} />}
      {line.delivery && <Delivered line={line} model={model} />}
    </li>
  )
}

function Buttons({ line, model }: { line: MessageLine; model: Model }) {
  return (
    <div class="choices">
      {line.buttons.map((button) =>
        button.url ? (
          <a key={button.key} class="choice" href={button.url} target="_blank" rel="noopener noreferrer">
            {button.title}
          </a>
        ) : (
          <button
            key={button.key}
            class="choice"
            onClick={() => {
              model.chat.press(button)
              restFocus(model)
            }}
          >
            {button.title}
          </button>
        ),
      )}
    </div>
  )
}

function Delivered({ line, model }: { line: MessageLine; model: Model }) {
  const { delivery, unsent } = line
  const act = (what: (id: string) => void): void => {
    if (unsent) what(unsent)
    restFocus(model)
  }
  if (delivery === 'sent') return <p class="delivery">{t('sent')}</p>
  if (delivery === 'sending') return <p class="delivery">{t('sending')}</p>
  return (
    <p class="delivery failed">
      {t('unsent')}
      <button class="link" onClick={() => act((id) => model.chat.retry(id))}>
        {t('retry')}
      </button>
      {delivery === 'refused' && (
        <button class="link" onClick={() => act((id) => model.chat.drop(id))}>
          {t('remove')}
        </button>
      )}
    </p>
  )
}
