import { useRef } from 'preact/hooks'
import { ACCEPT, fileSize } from '../../ui/files'
import { Icon } from '../../ui/icons'
import type { Desk } from '../state/desk'
import type { Thread } from '../state/thread'
import { attach, canAttach } from '../state/writing'
import { FileChip } from './chip'

interface AttachProps {
  desk: Desk
  thread: Thread
}

export function AttachButton({ desk, thread }: AttachProps) {
  const chooser = useRef<HTMLInputElement>(null)
  if (!canAttach(desk, thread)) return null
  const chosen = (): void => {
    const input = chooser.current
    if (!input) return
    attach(desk, thread, [...(input.files ?? [])])
    input.value = '' // The same file may be chosen again.
  }
  return (
    <>
      <button
        type="button"
        class="icon-button attach-button"
        title={`Attach pictures or files, up to ${fileSize(desk.mostBytes.value)} each`}
        onClick={() => chooser.current?.click()}
      >
        <Icon name="attach" />
        <span class="quiet">Attach files</span>
      </button>
      <input
        ref={chooser}
        class="chooser"
        type="file"
        multiple
        accept={ACCEPT}
        tabIndex={-1}
        aria-hidden="true"
        onChange={chosen}
      />
    </>
  )
}

/** The files that go with the reply. */
export function DraftedFiles({ desk, thread }: AttachProps) {
  const files = desk.files.drafted(thread.id)
  if (files.length === 0) return null
  const remove = (key: string): void => {
    desk.files.remove(key)
    desk.focus.ask('composer')
  }
  return (
    <ul class="file-chips drafted" aria-label="Files of this reply">
      {files.map((file) => (
        <FileChip
          key={file.key}
          file={file}
          online={desk.reach.online.value}
          onRemove={() => remove(file.key)}
        />
      ))}
    </ul>
  )
}

/** Pictures from the clipboard are attached; text goes its ordinary way. */
export function pasted(event: ClipboardEvent, desk: Desk, thread: Thread): void {
  const files = [...(event.clipboardData?.files ?? [])]
  if (files.length === 0 || !canAttach(desk, thread)) return
  event.preventDefault()
  attach(desk, thread, files)
}
