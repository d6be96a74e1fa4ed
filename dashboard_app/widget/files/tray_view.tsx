import { useRef } from 'preact/hooks'
import { ACCEPT, fileSize } from '../../ui/files'
import { locale, t as chat } from '../texts'
import { Drawing, Icon } from '../views/icons'
import { restFocus, type Model } from '../views/model'
import { about, addressOf } from './attached'
import { CLIP, FILE } from './drawings'
import { t } from './texts'
import type { Picked, Tray } from './tray'

/** The button that adds files, and those that were added. */
export function TrayView({ tray, model }: { tray: Tray; model: Model }) {
  const chooser = useRef<HTMLInputElement>(null)
  const picked = tray.picked.value
  const chosen = (): void => {
    const input = chooser.current
    tray.add([...(input?.files ?? [])])
    if (input) input.value = '' // The same file may be chosen again.
    restFocus(model)
  }
  return (
    <>
      {picked.length > 0 && (
        <ul class="tray">
          {picked.map((one) => (
            <Chip key={one.file} one={one} tray={tray} model={model} />
          ))}
        </ul>
      )}
      {tray.most > 0 && (
        <button type="button" class="plain" aria-label={t('attach')} onClick={() => chooser.current?.click()}>
          <Drawing path={CLIP} />
        </button>
      )}
      <input ref={chooser} type="file" hidden multiple accept={ACCEPT} onChange={chosen} />
    </>
  )
}

function Chip({ one, tray, model }: { one: Picked; tray: Tray; model: Model }) {
  const { file, kind, up, part, hitch } = one
  const remove = (): void => {
    tray.remove(one)
    restFocus(model)
  }
  return (
    <li class={hitch ? 'chip hitch' : 'chip'}>
      {up && kind === 'image' ? (
        <img src={addressOf(up.url, model.chat.base)} alt="" />
      ) : (
        <Drawing path={FILE} />
      )}
      <span class="words">
        <b>{file.name}</b>
        {up || hitch ? (
          <small role={hitch ? 'alert' : undefined}>{hitch ? why(one, tray) : about(file)}</small>
        ) : (
          <progress value={part} aria-label={t('uploading', { name: file.name })} />
        )}
      </span>
      {hitch === 'line' && (
        <button type="button" class="link" onClick={() => tray.retry(one)}>
          {chat('retry')}
        </button>
      )}
      <button type="button" class="plain" aria-label={t('remove', { name: file.name })} onClick={remove}>
        <Icon name="close" />
      </button>
    </li>
  )
}

function why({ hitch }: Picked, { most }: Tray): string {
  return hitch === 'large' ? t('large', { size: fileSize(most, locale()) }) : t(hitch ?? 'line')
}
