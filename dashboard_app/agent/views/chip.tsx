import { Icon } from '../../ui/icons'
import type { Attached, Held } from '../state/files'
import { aboutFile } from './attachment'

interface FileChipProps {
  file: Attached & Partial<Pick<Held, 'part' | 'why'>>
  online: boolean
  onRemove?: () => void
}

/** A file that is not in the log yet: its preview once it is up, until then how far it is, or why it can't go. */
export function FileChip({ file, online, onRemove }: FileChipProps) {
  const { kind, url, name, id, part = 0, why = null } = file
  const coming = id === null && why === null
  return (
    <li class={`file-chip${why ? ' refused' : ''}`}>
      <span class="file-chip-face">
        {kind === 'image' && url ? <img src={url} alt="" /> : <Icon name={why ? 'error' : kind} />}
      </span>
      <span class="file-words">
        <span class="file-name" title={name}>
          {name}
        </span>
        {coming && online ? (
          <progress max={1} value={part} aria-label={`Uploading ${name}`} />
        ) : (
          <span class="file-about" role={why ? 'alert' : undefined}>
            {why ?? (coming ? 'Waits for the connection' : aboutFile(file))}
          </span>
        )}
      </span>
      {onRemove && (
        <button type="button" class="icon-button small-icon" title="Remove" onClick={onRemove}>
          <Icon name="close" size={16} />
          <span class="quiet">Remove {name}</span>
        </button>
      )}
    </li>
  )
}
