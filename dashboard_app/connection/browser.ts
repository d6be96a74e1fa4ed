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

/** A shelf that keeps things in memory. */
export function memoryShelf(): Shelf {
  const items = new Map<string, string>()
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  }
}

/**
 * The browser's storage, or memory where it is forbidden: merely reading `window.sessionStorage` throws where a site's
 * data is blocked, and writing throws when it is full.
 */
export function shelf(open: () => Shelf): Shelf {
  const memory = memoryShelf()
  const guarded = <T>(act: (shelf: Shelf) => T): T => {
    try {
      return act(open())
    } catch {
      return act(memory)
    }
  }
  return {
    getItem: (key) => guarded((shelf) => shelf.getItem(key)) ?? memory.getItem(key),
    setItem: (key, value) => guarded((shelf) => shelf.setItem(key, value)),
    removeItem: (key) => {
      memory.removeItem(key)
      guarded((shelf) => shelf.removeItem(key))
    },
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
