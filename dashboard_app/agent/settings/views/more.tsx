import type { ComponentChildren } from 'preact'
import type { Pages } from '../state/pages'

interface MoreProps<Item, Cursor> {
  pages: Pages<Item, Cursor>
  none: string
  children: (items: Item[]) => ComponentChildren
}

/** A list that is read page by page. */
export function More<Item, Cursor>({ pages, none, children }: MoreProps<Item, Cursor>) {
  const items = pages.items.value
  const trouble = pages.trouble.value
  return (
    <>
      {items && items.length === 0 && <p class="muted">{none}</p>}
      {items && items.length > 0 && children(items)}
      {trouble && <p class="bad">{trouble}</p>}
      {pages.busy.value && <p class="muted">Loading…</p>}
      {!pages.busy.value && (trouble !== null || pages.next.value !== null) && (
        <button
          type="button"
          class="button small-button"
          onClick={() => void (items && trouble === null ? pages.more() : pages.load())}
        >
          {trouble === null ? 'Show older' : 'Try again'}
        </button>
      )}
    </>
  )
}
