import { useState } from 'preact/hooks'
import type { Attachment } from '../../protocol/wire'
import { fileSize, fileType } from '../../ui/files'
import { locale } from '../texts'
import { Drawing } from '../views/icons'
import { FILE } from './drawings'
import { t } from './texts'

export function nameOf({ kind, name }: Attachment): string {
  return name ?? t(kind === 'image' ? 'picture' : 'file')
}

/** "PDF · 240 kB" */
export function about({ name, size }: Pick<Attachment, 'name' | 'size'>): string {
  return [fileType(name), size ? fileSize(size, locale()) : ''].filter(Boolean).join(' · ')
}

/** Files of the service stand beside the widget's own calls; pictures of the bot at their public address. */
export function addressOf(url: string, base: string): string {
  return url.startsWith('/') ? base.slice(0, -'/widget/v1'.length) + url : url
}

/** A picture that the page's CSP or the network keeps away is still a link. */
export function Attached({ attachment, base }: { attachment: Attachment; base: string }) {
  const [state, setState] = useState('coming')
  const url = addressOf(attachment.url, base)
  if (!/^https?:\/\//i.test(url)) return null
  const name = nameOf(attachment)
  const shown = attachment.kind === 'image' && state !== 'broken'
  return (
    <a
      class={shown ? `attached ${state}` : 'attached card'}
      href={url}
      target="_blank"
      rel="noopener noreferrer"
    >
      {shown ? (
        <img src={url} alt={name} onLoad={() => setState('here')} onError={() => setState('broken')} />
      ) : (
        <>
          <Drawing path={FILE} />
          <span class="words">
            <b>{name}</b>
            <small>{state === 'broken' ? t('notShown') : about(attachment)}</small>
          </span>
        </>
      )}
    </a>
  )
}
