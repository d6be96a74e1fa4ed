/**
 * Everything the connection needs from the outside world, injected so that its tests are instant and repeatable.
 * `browser.ts` holds the real ones, `fakes.ts` those of the tests.
 */

/** The part of WebSocket that is used. */
export interface SocketLike {
  send(data: string): void
  close(code?: number): void
  addEventListener(type: 'open', run: () => void): void
  addEventListener(type: 'message', run: (message: { data: unknown }) => void): void
  addEventListener(type: 'close', run: (close: { code: number }) => void): void
}

/** The part of Storage that is used. It never throws: without storage, things live as long as the page. */
export interface Shelf {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

export type Cancel = () => void

export interface Ports {
  /** Milliseconds since the epoch. */
  now(): number
  /** 0 ≤ x < 1. */
  random(): number
  /** Runs once after `ms`; the answer cancels it. */
  after(ms: number, run: () => void): Cancel
  openSocket(url: string): SocketLike
  fetch(url: string, init: RequestInit): Promise<Response>
  /** Lives as long as the tab and survives a page change: unsent messages and drafts. */
  tab: Shelf
  /** Calls back when the network or the page may have changed: online, offline, pageshow, visible again. */
  onWake(run: () => void): Cancel
  /** A fresh id for a message: [A-Za-z0-9-], at most 64 characters. */
  newId(): string
}
