import { useEffect, useRef } from 'preact/hooks'
import { locale, t } from '../texts'
import { Announcer } from './announcer'
import { Composer } from './composer'
import { Header } from './header'
import { Log } from './log'
import type { Model } from './model'
import { Person } from './person'

export function Widget({ model }: { model: Model }) {
  return (
    <div lang={locale()}>
      {model.open.value && <Panel model={model} />}
      <Announcer model={model} />
    </div>
  )
}

function Panel({ model }: { model: Model }) {
  const panel = useRef<HTMLElement>(null)
  useEffect(() => followKeyboard(panel.current), [])
  return (
    <section
      class="panel"
      role="dialog"
      aria-labelledby="lc-title"
      ref={panel}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.isComposing) return
        event.stopPropagation()
        model.close()
      }}
    >
      <Header model={model} />
      <Banner model={model} />
      {model.form.value?.() ?? (
        <>
          <Log model={model} />
          <Person model={model} />
          <Composer model={model} />
        </>
      )}
    </section>
  )
}

function Banner({ model }: { model: Model }) {
  const standing = model.chat.standing.value.value
  const first = model.chat.events.value.length === 0
  const text = { fine: '', away: first ? t('connecting') : t('reconnecting'), back: t('backOnline') }[
    standing
  ]
  return <div role="status">{text && <p class={`banner ${standing}`}>{text}</p>}</div>
}

/** On a phone the on-screen keyboard covers part of the page; the panel takes what is left. */
function followKeyboard(panel: HTMLElement | null): (() => void) | undefined {
  const view = window.visualViewport
  if (!panel || !view) return undefined
  const fit = (): void => {
    panel.style.setProperty('--view-height', `${view.height}px`)
    panel.style.setProperty('--view-top', `${view.offsetTop}px`)
  }
  fit()
  view.addEventListener('resize', fit)
  view.addEventListener('scroll', fit)
  return () => {
    view.removeEventListener('resize', fit)
    view.removeEventListener('scroll', fit)
  }
}
