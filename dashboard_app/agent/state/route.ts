import { signal, type ReadonlySignal } from '@preact/signals'

/** The lists an agent can look at: the three tabs (Claimed twice, mine and all) and the entry "With the bot". */
export type ListName = 'pending' | 'mine' | 'claimed' | 'resolved' | 'bot'

export interface Route {
  list: ListName
  conversation: string | null
}

const paths: Record<ListName, string> = {
  pending: '/live-chat/pending',
  mine: '/live-chat/claimed',
  claimed: '/live-chat/claimed/all',
  resolved: '/live-chat/resolved',
  bot: '/live-chat/with-the-bot',
}

/** A conversation's address ends in `/c/<id>`, so that Back closes it on a phone. */
export function toPath({ list, conversation }: Route): string {
  return conversation === null ? paths[list] : `${paths[list]}/c/${encodeURIComponent(conversation)}`
}

export function fromPath(path: string): Route {
  const [place = '', id] = path.split('/c/')
  const found = (Object.keys(paths) as ListName[]).find((list) => paths[list] === place.replace(/\/$/, ''))
  return { list: found ?? 'pending', conversation: id ? decodeURIComponent(id) : null }
}

/** What the router needs of a browser; `window` is one. */
export interface Address {
  location: { pathname: string }
  history: {
    pushState(data: unknown, unused: string, url: string): void
    replaceState(data: unknown, unused: string, url: string): void
  }
  addEventListener(kind: 'popstate', run: () => void): void
}

export class Router {
  readonly route: ReadonlySignal<Route>
  private readonly current

  constructor(private readonly address: Address) {
    this.current = signal(fromPath(address.location.pathname))
    this.route = this.current
    address.addEventListener('popstate', () => (this.current.value = fromPath(address.location.pathname)))
  }

  go(to: Partial<Route>, how: 'push' | 'replace' = 'push'): void {
    const next = { ...this.current.peek(), ...to }
    const path = toPath(next)
    if (path === this.address.location.pathname) return
    if (how === 'push') this.address.history.pushState(null, '', path)
    else this.address.history.replaceState(null, '', path)
    this.current.value = next
  }
}
