import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Written } from '../lines'
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
  const files = model.files.value
  const full = text.trim() || files?.any()
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
    if (!full) return
    // Files that are still on their way are waited for; what is written meanwhile goes along.
    const go = (attached?: Written['files']): void => {
      model.chat.send(model.draft.text.trim(), attached)
      write('')
    }
    if (files) files.release(go)
    else go()
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
      {files?.tray()}
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
        onPaste={(event) => files?.paste(event)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
          event.preventDefault()
          send()
        }}
      />
      <button class="send" aria-label={t('send')} aria-disabled={!full}>
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
