import type { Ports } from '../../connection'
import type { Held } from './files'

/** The service drops a file that no message has taken after a day. */
const KEPT_MS = 23 * 3_600_000

/** What was up when the page was left. It lives as long as the tab, like the messages that wait for it. */
export function restore({ tab, now }: Pick<Ports, 'tab' | 'now'>, shelf: string): ReadonlyMap<string, Held> {
  try {
    const kept = JSON.parse(tab.getItem(shelf) ?? '[]') as Held[]
    return new Map(kept.filter(({ at }) => now() - at < KEPT_MS).map((file) => [file.key, file]))
  } catch {
    return new Map()
  }
}

export function stored({ tab }: Pick<Ports, 'tab'>, shelf: string, files: readonly Held[]): void {
  const up = files.filter(({ id }) => id !== null)
  if (up.length > 0) tab.setItem(shelf, JSON.stringify(up))
  else tab.removeItem(shelf)
}
