import { useComputed, useSignal } from '@preact/signals'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import { Icon } from '../../ui/icons'
import type { Desk } from '../state/desk'
import { fatesOf, type Fate } from '../state/fate'
import { linesOf, type Line } from '../state/lines'
import type { Thread } from '../state/thread'
import { BubbleView } from './bubble'
import { Pending } from './pending'
import { dayName, timeOf } from './when'

/** So near to its end the log counts as scrolled down. */
const NEAR_END = 48

export function Log({ desk, thread }: { desk: Desk; thread: Thread }) {
  const scroller = useRef<HTMLDivElement>(null)
  const log = useComputed(() => linesOf(thread.events.value, desk.agent))
  const lines = log.value
  const fates = useComputed(() => fatesOf(log.value, thread.marks.value)).value
  const sending = desk.outgoing.of(thread.id)
  const atEnd = desk.reading.atEnd
  const ready = thread.stage.value === 'ready'
  const fresh = useFresh(thread, atEnd.value)
  useStickToEnd(scroller, atEnd, [lines, sending, thread.typing.value])
  useEffect(() => {
    const stopped = desk.resolving.stopped.value
    if (stopped?.conversation !== thread.id) return
    scroller.current?.querySelector(`[data-seq="${stopped.seq}"]`)?.scrollIntoView({ block: 'center' })
  }, [desk, thread, desk.resolving.stopped.value])
  const size = useRef('')
  const onScroll = (): void => {
    const box = scroller.current
    if (!box) return
    // A picture that comes or a composer that grows scrolls, too: only the reader leaves the end.
    const now = `${box.scrollHeight} ${box.clientHeight}`
    const moved = now === size.current
    size.current = now
    if (!moved && atEnd.value) scrollDown(box)
    else atEnd.value = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_END
  }
  return (
    <div class="log-frame">
      {/* Live only once the history stands: it is not read out again. */}
      <div
        class="log"
        ref={scroller}
        onScroll={onScroll}
        role="log"
        aria-live={ready ? 'polite' : 'off'}
        tabIndex={0}
        aria-label="Messages"
      >
        {thread.start.value > 0 && ready && (
          <button type="button" class="button plain earlier" onClick={() => void thread.loadEarlier()}>
            Earlier messages
          </button>
        )}
        <ol>
          {lines.map((line) => (
            <LineView key={line.key} line={line} fates={fates} desk={desk} thread={thread} />
          ))}
          {sending.map((line) => (
            <Pending key={line.id} desk={desk} line={line} />
          ))}
        </ol>
        <Typing thread={thread} />
      </div>
      {!atEnd.value && (
        <button type="button" class="pill to-end" onClick={() => scrollDown(scroller.current)}>
          <Icon name="down" size={14} /> {fresh > 0 ? `${fresh} new` : 'Latest'}
        </button>
      )}
    </div>
  )
}

function Typing({ thread }: { thread: Thread }) {
  if (!thread.typing.value) return null
  return (
    <p class="typing">
      <span class="typing-dots" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      {thread.typing} is typing…
    </p>
  )
}

interface LineProps {
  line: Line
  fates: ReadonlyMap<number, Fate>
  desk: Desk
  thread: Thread
}

function LineView({ line, fates, desk, thread }: LineProps) {
  switch (line.kind) {
    case 'day':
      return <li class="day">{dayName(line.at, desk.ticker.now.value)}</li>
    case 'mark':
      return (
        <li class="mark">
          <span>
            {line.text} <time dateTime={line.at}>{timeOf(line.at)}</time>
          </span>
        </li>
      )
    case 'bubble':
    case 'note':
      return <BubbleView line={line} fate={fates.get(line.seq)} desk={desk} thread={thread} />
  }
}

function scrollDown(log: HTMLElement | null): void {
  log?.scrollTo({ top: log.scrollHeight })
}

/** Stays at the end while lines come, unless the reader has scrolled up. */
function useStickToEnd(
  scroller: { current: HTMLDivElement | null },
  atEnd: { value: boolean },
  on: unknown[],
): void {
  useLayoutEffect(() => {
    atEnd.value = true
    scrollDown(scroller.current)
    const log = scroller.current
    if (!log) return
    // The composer grows and shrinks under the log, pictures in it come late.
    const watch = new ResizeObserver(() => {
      if (atEnd.value) scrollDown(log)
    })
    watch.observe(log)
    log.querySelectorAll('ol').forEach((list) => watch.observe(list))
    return () => watch.disconnect()
  }, [scroller, atEnd])
  useLayoutEffect(() => {
    if (atEnd.value) scrollDown(scroller.current)
  }, on)
}

/** How many lines came since the reader left the end. */
function useFresh(thread: Thread, atEnd: boolean): number {
  const left = useSignal(0)
  const count = thread.events.value.filter(
    (event) => event.kind === 'message' || event.kind === 'note',
  ).length
  useEffect(() => {
    if (atEnd) left.value = count
  }, [atEnd, count, left])
  return Math.max(0, count - left.value)
}
