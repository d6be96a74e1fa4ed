import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Line } from '../lines'
import { locale, t } from '../texts'
import { dayName } from '../when'
import { Icon } from './icons'
import { Message } from './message'
import { nameOf, type Model } from './model'
import { useSeen } from './seen'
import { Typing } from './typing'

const NEAR_PX = 48

/** The conversation. It stays at its end unless the visitor scrolled up; then it says what is new below. */
export function Log({ model }: { model: Model }) {
  const box = useRef<HTMLDivElement>(null)
  const [atEnd, setAtEnd] = useState(true)
  const [below, setBelow] = useState(0)
  const all = model.lines.value
  const count = all.filter((line) => line.kind === 'message' && line.from !== 'me').length
  const before = useRef(count)
  const mine = all.length - count
  const typing = model.chat.typing.who.value

  const toEnd = (): void => {
    box.current?.scrollTo({ top: box.current.scrollHeight })
  }
  useLayoutEffect(() => {
    model.log = box.current
    if (atEnd) toEnd()
    else setBelow((shown) => shown + Math.max(0, count - before.current))
    before.current = count
  }, [count, typing])
  // A notice, the input growing, a keyboard on the screen or a late picture take room away: the end stays in view.
  useLayoutEffect(() => {
    if (!atEnd || !box.current) return undefined
    const watch = new ResizeObserver(toEnd)
    watch.observe(box.current)
    if (box.current.firstElementChild) watch.observe(box.current.firstElementChild)
    return () => watch.disconnect()
  }, [atEnd])
  // The visitor's own line is always brought into view.
  useEffect(toEnd, [mine])
  useSeen(model, atEnd)

  const scrolled = (): void => {
    const { scrollHeight = 0, scrollTop = 0, clientHeight = 0 } = box.current ?? {}
    const near = scrollHeight - scrollTop - clientHeight < NEAR_PX
    setAtEnd(near)
    if (near) setBelow(0)
  }
  return (
    <div class="middle">
      {/* Announced by the announcer, one line each; the region itself stays quiet. */}
      <div
        class="log"
        role="log"
        aria-live="off"
        aria-label={t('conversation')}
        tabIndex={0}
        ref={box}
        onScroll={scrolled}
      >
        <ol>
          {all.map((line) => (
            <Item key={line.key} line={line} model={model} />
          ))}
          <Typing who={typing} />
        </ol>
      </div>
      {below > 0 && (
        <button class="below" onClick={toEnd}>
          <Icon name="down" /> {t('newBelow', { count: below })}
        </button>
      )}
    </div>
  )
}

function Item({ line, model }: { line: Line; model: Model }) {
  switch (line.kind) {
    case 'message':
      return <Message line={line} model={model} />
    case 'system':
      return <li class="system">{line.text}</li>
    case 'joined':
      return (
        <li class="turn">
          {line.name ? t('joined', { name: nameOf('agent', line.name) }) : t('joinedSomebody')}
        </li>
      )
    case 'left':
      return <li class="turn">{t('left')}</li>
    case 'day':
      return <li class="day">{dayName(line.at, model.chat.ports.now(), locale())}</li>
  }
}
