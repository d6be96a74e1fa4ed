import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { t } from '../texts'
import { Icon } from './icons'
import type { Model } from './model'

const MAX_TEXT = 8000
const WARN_AT = 500

/** Enter sends, Shift+Enter breaks the line; a word still being composed (IME) is never sent. */
export function Composer({ model }: { model: Model }) {
  const input = useRef<HTMLTextAreaElement>(null)
  const [text, setText] = useState(model.draft.text)
  const room = MAX_TEXT - text.length
  useLayoutEffect(() => grow(input.current), [text])
  useLayoutEffect(() => {
    model.input = input.current
    if (model.focusInput) input.current?.focus()
  }, [])

  const write = (now: string): void => {
    setText(now)
    model.draft.write(now)
  }
  const send = (): void => {
    if (!text.trim()) return
    model.chat.send(text.trim())
    write('')
    input.current?.focus()
  }
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <textarea
        ref={input}
        rows={1}
        maxLength={MAX_TEXT}
        aria-label={t('write')}
        placeholder={t('write')}
        value={text}
        onInput={({ currentTarget }) => {
          write(currentTarget.value)
          model.chat.writing()
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
          event.preventDefault()
          send()
        }}
      />
      <button class="send" aria-label={t('send')} aria-disabled={!text.trim()}>
        <Icon name="send" />
      </button>
      {room < WARN_AT && <p class="room">{t('charactersLeft', { count: room })}</p>}
    </form>
  )
}

function grow(input: HTMLTextAreaElement | null): void {
  if (!input) return
  input.style.height = 'auto'
  input.style.height = `${input.scrollHeight}px`
}
