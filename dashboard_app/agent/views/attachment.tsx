import { useSignal } from '@preact/signals'
import { fileSize, fileType } from '../../ui/files'
import { Icon } from '../../ui/icons'
import type { Desk } from '../state/desk'
import { saveFile, troubleWith, type Trouble } from '../state/saving'
import type { Attachment } from '../state/wire'
import { link } from './link'

interface AttachmentProps {
  attachment: Attachment
  desk: Desk
}

/** A picture or file of the log. Files of ours are shown; what lies elsewhere is only linked to. */
export function AttachmentView({ attachment, desk }: AttachmentProps) {
  const { kind, url } = attachment
  if (/^https?:\/\//i.test(url)) return <Elsewhere attachment={attachment} />
  if (!url.startsWith('/')) return null
  return kind === 'image' ? (
    <Picture attachment={attachment} desk={desk} />
  ) : (
    <FileCard attachment={attachment} desk={desk} />
  )
}

export function nameOf({ kind, name }: Pick<Attachment, 'kind' | 'name'>): string {
  return name ?? (kind === 'image' ? 'Picture' : 'File')
}

/** "PDF · 240 kB" */
export function aboutFile({ name, size }: Pick<Attachment, 'name' | 'size'>): string {
  return [fileType(name), size === null ? '' : fileSize(size)].filter(Boolean).join(' · ')
}

function Elsewhere({ attachment }: { attachment: Attachment }) {
  return (
    <a class="file-card" href={attachment.url} target="_blank" rel="noopener noreferrer nofollow">
      <Icon name={attachment.kind === 'image' ? 'image' : 'file'} />
      <span class="file-name">{nameOf(attachment)}</span>
      <Icon name="open" size={16} />
      <span class="quiet">(opens in a new tab)</span>
    </a>
  )
}

function Picture({ attachment, desk }: AttachmentProps) {
  const here = useSignal(false)
  const trouble = useSignal<Trouble | null>(null)
  const round = useSignal(0)
  const { url } = attachment
  const name = nameOf(attachment)
  const again = (): void => {
    trouble.value = null
    round.value += 1
  }
  if (trouble.value) return <NotHere name={name} icon="image" trouble={trouble.value} again={again} />
  const missed = async (): Promise<void> => {
    trouble.value = await troubleWith(desk.parts.ports, url)
  }
  return (
    <a
      class={`picture${here.value ? '' : ' coming'}`}
      href={url}
      target="_blank"
      rel="noopener"
      title={`${name} ${aboutFile(attachment)}`}
      aria-busy={!here.value}
      onClick={link(() => (desk.picture.value = url))}
    >
      <img
        key={round.value}
        src={url}
        alt={`Picture: ${name}`}
        decoding="async"
        onLoad={() => (here.value = true)}
        onError={() => void missed()}
      />
    </a>
  )
}

function FileCard({ attachment, desk }: AttachmentProps) {
  const coming = useSignal(false)
  const trouble = useSignal<Trouble | null>(null)
  const name = nameOf(attachment)
  const save = async (): Promise<void> => {
    if (coming.value) return
    coming.value = true
    trouble.value = await saveFile(desk.parts.ports, attachment.url, name)
    coming.value = false
  }
  if (trouble.value)
    return <NotHere name={name} icon="file" trouble={trouble.value} again={() => void save()} />
  return (
    <a class="file-card" href={attachment.url} download={name} onClick={link(() => void save())}>
      <Icon name="file" />
      <span class="file-words">
        <span class="file-name">{name}</span>
        <span class="file-about">{coming.value ? 'Getting it…' : aboutFile(attachment)}</span>
      </span>
      {coming.value ? <span class="spinner" aria-hidden="true" /> : <Icon name="download" size={18} />}
      <span class="quiet">Download</span>
    </a>
  )
}

interface NotHereProps {
  name: string
  icon: 'image' | 'file'
  trouble: Trouble
  again: () => void
}

/** A file that can't be had (yet), and why. */
function NotHere({ name, icon, trouble, again }: NotHereProps) {
  return (
    <div class="file-card not-here">
      <Icon name={icon} />
      <span class="file-words">
        <span class="file-name">{name}</span>
        <span class="file-about">{trouble.why}</span>
      </span>
      {trouble.passing && (
        <button type="button" class="link" onClick={again}>
          Try again
        </button>
      )}
    </div>
  )
}
