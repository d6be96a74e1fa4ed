import { useLayoutEffect, useRef } from 'preact/hooks'
import { Icon } from '../../ui/icons'
import type { Desk } from '../state/desk'
import { saveFile } from '../state/saving'
import type { Attachment } from '../state/wire'
import { aboutFile, nameOf } from './attachment'

/** A picture of the conversation over the page; the arrows lead to its neighbours. */
export function Lightbox({ desk }: { desk: Desk }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const url = desk.picture.value
  const pictures = picturesOf(desk)
  const at = pictures.findIndex((picture) => picture.url === url)
  const shown = pictures[at]
  useLayoutEffect(() => {
    if (shown && !dialog.current?.open) dialog.current?.showModal()
    else if (!shown) dialog.current?.close()
  }, [shown])
  const close = (): void => void (desk.picture.value = null)
  const go = (by: number): void => {
    const next = pictures[at + by]
    if (next) desk.picture.value = next.url
  }
  const onKeyDown = ({ key }: KeyboardEvent): void => {
    if (key === 'ArrowLeft') go(-1)
    else if (key === 'ArrowRight') go(1)
  }
  return (
    <dialog class="lightbox" ref={dialog} aria-label="Picture" onClose={close} onKeyDown={onKeyDown}>
      {shown && (
        <>
          <Head desk={desk} picture={shown} at={at} count={pictures.length} close={close} />
          <div class="lightbox-stage" onClick={(event) => event.target === event.currentTarget && close()}>
            <img key={shown.url} src={shown.url} alt={nameOf(shown)} />
          </div>
          {at > 0 && <Step side="back" name="Previous picture" onClick={() => go(-1)} />}
          {at < pictures.length - 1 && <Step side="next" name="Next picture" onClick={() => go(1)} />}
        </>
      )}
    </dialog>
  )
}

interface HeadProps {
  desk: Desk
  picture: Attachment
  at: number
  count: number
  close: () => void
}

function Head({ desk, picture, at, count, close }: HeadProps) {
  const name = nameOf(picture)
  const save = async (): Promise<void> => {
    const trouble = await saveFile(desk.parts.ports, picture.url, name)
    if (trouble) desk.notices.show(trouble.why)
  }
  return (
    <header class="lightbox-head">
      <h2>{name}</h2>
      <span class="small" role="status">
        {aboutFile(picture)}
        {count > 1 && ` · ${at + 1} of ${count}`}
      </span>
      <span class="space" />
      <button type="button" class="icon-button" title="Download" onClick={() => void save()}>
        <Icon name="download" />
        <span class="quiet">Download</span>
      </button>
      <a class="icon-button" title="Open in a new tab" href={picture.url} target="_blank" rel="noopener">
        <Icon name="open" />
        <span class="quiet">Open in a new tab</span>
      </a>
      <button type="button" class="icon-button" title="Close (Esc)" onClick={close}>
        <Icon name="close" />
        <span class="quiet">Close</span>
      </button>
    </header>
  )
}

function Step({ side, name, onClick }: { side: 'back' | 'next'; name: string; onClick: () => void }) {
  return (
    <button type="button" class={`icon-button lightbox-step ${side}`} title={name} onClick={onClick}>
      <Icon name={side} size={24} />
      <span class="quiet">{name}</span>
    </button>
  )
}

function picturesOf(desk: Desk): Attachment[] {
  const events = desk.threads.current.value?.events.value ?? []
  return events
    .flatMap(({ attachments }) => attachments)
    .filter(({ kind, url }) => kind === 'image' && url.startsWith('/'))
}
