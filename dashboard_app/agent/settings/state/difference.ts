import type { Change, Document, Loaded } from '../wire'
import { differences, get, put, same } from './document'

export type Side = 'theirs' | 'mine'

/** Somebody saved while this page had changes of its own. `mine` keeps what was typed, whatever is chosen. */
export interface Difference {
  was: Document
  theirs: Document
  mine: Document
  version: number
  by: Pick<Loaded, 'at' | 'author'>
}

export interface DifferentKey {
  key: string
  was: unknown
  theirs: unknown
  mine: unknown
  chosen: Side
}

/** Each key that one of the two changed, unless both wrote the same; `document` is what would be saved now. */
export function differentKeys({ was, theirs, mine }: Difference, document: Document): DifferentKey[] {
  const keys = (changes: Change[]): string[] => changes.map(({ key }) => key)
  const all = new Set([...keys(differences(was, theirs)), ...keys(differences(was, mine))])
  return [...all]
    .map((key) => {
      const now = get(document, key)
      const chosen: Side = same(now, get(theirs, key)) ? 'theirs' : 'mine'
      const kept = chosen === 'mine' ? now : get(mine, key)
      return { key, was: get(was, key), theirs: get(theirs, key), mine: kept, chosen }
    })
    .filter((row) => !same(row.theirs, row.mine))
}

/** What would be saved after this choice, and what is remembered of the other side. */
export function choose(
  difference: Difference,
  document: Document,
  key: string,
  side: Side,
): { difference: Difference; document: Document } {
  const now = get(document, key)
  const typed = !same(now, get(difference.theirs, key))
  const mine = typed ? put(difference.mine, key, now) : difference.mine
  return {
    difference: { ...difference, mine },
    document: put(document, key, get(side === 'mine' ? mine : difference.theirs, key)),
  }
}
