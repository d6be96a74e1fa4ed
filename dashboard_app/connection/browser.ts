import type { Ports, Shelf } from './ports'

/** `crypto.randomUUID` exists only on https and localhost; an intranet site on plain http still needs ids. */
export function newId(
  source: Pick<Crypto, 'getRandomValues'> & { randomUUID?: () => string } = crypto,
): string {
  if (source.randomUUID) return source.randomUUID()
  const bytes = source.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function onWake(run: () => void): () => void {
  const visible = (): void => {
    if (document.visibilityState === 'visible') run()
  }
  addEventListener('online', run)
  addEventListener('offline', run)
  addEventListener('pageshow', run)
  document.addEventListener('visibilitychange', visible)
  return () => {
    removeEventListener('online', run)
    removeEventListener('offline', run)
    removeEventListener('pageshow', run)
    document.removeEventListener('visibilitychange', visible)
  }
}

/** A shelf that keeps things in memory, for browsers that refuse storage. */
export function memoryShelf(): Shelf {
  const items = new Map<string, string>()
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  }
}

/** Merely reading `window.sessionStorage` throws where the site's data is blocked. */
export function shelf(open: () => Shelf): Shelf {
  try {
    const found = open()
    found.removeItem('livechat:probe')
    return found
  } catch {
    return memoryShelf()
  }
}

/** The socket's address for one of the service's own: http → ws, https → wss. */
export function socketUrl(url: string): string {
  return url.replace(/^http/, 'ws')
}

export function browserPorts(): Ports {
  return {
    now: () => Date.now(),
    random: () => Math.random(),
    after: (ms, run) => {
      const timer = setTimeout(run, ms)
      return () => clearTimeout(timer)
    },
    openSocket: (url) => new WebSocket(url),
    fetch: (url, init) => fetch(url, init),
    tab: shelf(() => sessionStorage),
    onWake,
    newId,
  }
}
