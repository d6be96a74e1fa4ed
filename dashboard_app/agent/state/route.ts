import { signal, type ReadonlySignal } from '@preact/signals'

/** The lists an agent can look at: the three tabs (Claimed twice, mine and all) and the entry "With the bot". */
export type ListName = 'pending' | 'mine' | 'claimed' | 'resolved' | 'bot'

/** Live Chat is the lists and conversations; where it is left the list is remembered. */
export type PageName = 'chat' | 'settings'

export interface Route {
  page: PageName
  list: ListName
  conversation: string | null
}

type Place = Omit<Route, 'page'> & Partial<Route>

const paths: Record<ListName, string> = {
  pending: '/live-chat/pending',
  mine: '/live-chat/claimed',
  claimed: '/live-chat/claimed/all',
  resolved: '/live-chat/resolved',
  bot: '/live-chat/with-the-bot',
}

const SETTINGS = '/live-chat/settings'

/** A conversation's address ends in `/c/<id>`, so that Back closes it on a phone. */
export function toPath({ page = 'chat', list, conversation }: Place): string {
  if (page === 'settings') return SETTINGS
  return conversation === null ? paths[list] : `${paths[list]}/c/${encodeURIComponent(conversation)}`
}

export function fromPath(path: string): Route {
  if (path.replace(/\/$/, '') === SETTINGS) return { page: 'settings', list: 'pending', conversation: null }
  const [place = '', id] = path.split('/c/')
  const found = (Object.keys(paths) as ListName[]).find((list) => paths[list] === place.replace(/\/$/, ''))
  return { page: 'chat', list: found ?? 'pending', conversation: id ? decodeURIComponent(id) : null }
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
  /** Asked before the page changes; true holds the move, and whoever held it may make it later. */
  hold: ((to: Route) => boolean) | null = null
  private readonly current

  constructor(private readonly address: Address) {
    this.current = signal(fromPath(address.location.pathname))
    this.route = this.current
    address.addEventListener('popstate', () => this.back())
  }

  go(to: Partial<Route>, how: 'push' | 'replace' = 'push'): void {
    const page = to.conversation ? { page: 'chat' as const } : {}
    const next = { ...this.current.peek(), ...page, ...to }
    const path = toPath(next)
    if (path === this.address.location.pathname || this.isHeld(next)) return
    if (how === 'push') this.address.history.pushState(null, '', path)
    else this.address.history.replaceState(null, '', path)
    this.current.value = next
  }

  /** The browser has gone back already: a move that is held is undone. */
  private back(): void {
    const to = fromPath(this.address.location.pathname)
    if (this.isHeld(to)) this.address.history.pushState(null, '', toPath(this.current.peek()))
    else this.current.value = to
  }

  private isHeld(to: Route): boolean {
    return to.page !== this.current.peek().page && this.hold?.(to) === true
  }
}
