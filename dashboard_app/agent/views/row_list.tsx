import { useLayoutEffect, useRef } from 'preact/hooks'
import { Icon } from '../../ui/icons'
import type { Desk } from '../state/desk'
import type { ListName } from '../state/route'
import { EmptyList } from './empty'
import { Row } from './row'

export function RowList({ desk, list }: { desk: Desk; list: ListName }) {
  const scroller = useRef<HTMLDivElement>(null)
  const wanted = desk.focus.wanted.value
  useLayoutEffect(() => {
    if (wanted?.place !== 'list' || !desk.focus.answer('list')) return
    scroller.current?.querySelector<HTMLElement>('[data-cursor]')?.focus()
  }, [desk, wanted])
  const { keys, behind } = desk.steady.shown.value
  const { loaded, failed, next } = desk.inbox.lists.value[list]
  const rows = desk.inbox.rows.value
  return (
    <div
      class="rows"
      ref={scroller}
      onPointerEnter={(event) => event.pointerType === 'mouse' && desk.steady.pointerIn()}
      onPointerLeave={() => desk.steady.pointerOut()}
    >
      {behind > 0 && (
        <button type="button" class="pill" onClick={() => desk.steady.showNew()}>
          <Icon name="down" size={14} /> {behind} new
        </button>
      )}
      {!loaded && !failed && <Skeleton />}
      {failed && !loaded && <p class="empty-small">The list can’t be read right now. It is tried again.</p>}
      {loaded && keys.length === 0 && <EmptyList desk={desk} list={list} />}
      <ul>
        {keys.map((key) => {
          const row = rows.get(key)
          return row && <Row key={key} desk={desk} list={list} row={row} />
        })}
      </ul>
      {next !== null && (
        <button type="button" class="button plain wide" onClick={() => void desk.inbox.loadMore(list)}>
          Show more
        </button>
      )}
    </div>
  )
}

function Skeleton() {
  return (
    <div class="skeleton" role="status">
      <span class="quiet">Loading…</span>
      {[1, 2, 3, 4].map((line) => (
        <div class="skeleton-row" key={line} />
      ))}
    </div>
  )
}
