/**
 * Keeps a browser connected to the service, by socket where that works and by long poll where it doesn't.
 *
 * States: `connecting` → `live` (socket) | `polling` (upgrades are refused, plain requests work) | `down` (neither;
 * tries again with full jitter, at once when woken) → … → `ended` (the service ended the session) or `stopped`. While
 * polling the socket is tried again now and then, without a pause in the polling. Resuming is the caller's: `hello` and
 * `poll` name the last seq held.
 */
import { backoffMs } from './backoff'
import { Refusal, Unreachable } from './http'
import type { Cancel, Ports } from './ports'
import { Session, type Numbered } from './session'

export type LinkState = 'connecting' | 'live' | 'polling' | 'down' | 'ended' | 'stopped'

export interface LinkOptions<In extends { type: string }> {
  ports: Ports
  url: () => string
  /** The first frame of every socket. */
  hello: () => object
  onFrame: (frame: In) => void
  /** One long poll: resolves once its answer is taken, throws `Refusal` or `Unreachable`. `wait` in seconds, 0 at first. */
  poll: (wait: number, signal: AbortSignal) => Promise<void>
  onState: (state: LinkState) => void
}

const SESSION_ENDED = 4401
const POLL_SECONDS = 25
const POLL_PAUSE_MS = 250
const SOCKET_AGAIN_MS = 30_000
const SOCKET_AGAIN_MAX_MS = 300_000
/** A socket that lived shorter counts as a failure, so that a service in a crash loop is not stormed. */
const STEADY_MS = 5_000
const PROBE_MS = 4_000

export class Link<In extends { type: string }> {
  #state: LinkState = 'stopped'
  #session: Session | null = null
  #failures = 0
  #cutShort: (() => void) | null = null
  #polling: AbortController | null = null
  #unwatch: Cancel = () => undefined
  /** Counts the starts: what still runs on behalf of an earlier one sees that its time is over. */
  #generation = 0

  constructor(private readonly options: LinkOptions<In>) {}

  get state(): LinkState {
    return this.#state
  }

  /** Messages can be delivered, by one way or the other. */
  get usable(): boolean {
    return this.#state === 'live' || this.#state === 'polling'
  }

  start(): void {
    if (this.#state !== 'stopped' && this.#state !== 'ended') return
    this.#failures = 0
    this.#unwatch = this.options.ports.onWake(() => this.wake())
    this.#set('connecting')
    void this.#run(++this.#generation)
  }

  stop(): void {
    this.#close('stopped')
  }

  /** Try now instead of later; a line that looks alive is asked whether it is. */
  wake(): void {
    this.#session?.probe(PROBE_MS)
    this.#cutShort?.()
  }

  /** Drop the socket and resume with a new one. */
  recycle(): void {
    this.#session?.close()
  }

  /** Says something that may be lost, as typing; false when there is no socket. */
  send(frame: object): boolean {
    if (this.#state !== 'live' || !this.#session) return false
    this.#session.send(frame)
    return true
  }

  /** Sends a frame with a `client_msg_id` over the socket; resolves with the seq of its acknowledgement. */
  request(frame: Numbered): Promise<number> {
    if (this.#state !== 'live' || !this.#session) return Promise.reject(new Unreachable('no socket'))
    return this.#session.request(frame)
  }

  async #run(generation: number): Promise<void> {
    const current = (): boolean => generation === this.#generation
    while (current()) {
      const session = (await this.#connect()) ?? (current() ? await this.#pollUntilSocket() : null)
      if (!current()) {
        session?.close()
        return
      }
      if (session) await this.#stay(session)
      if (!current()) return
      this.#set('down')
      await this.#rest(backoffMs(this.#failures++, () => this.options.ports.random()))
    }
  }

  /** A socket that has answered, or null. */
  async #connect(): Promise<Session | null> {
    const { ports, url, hello, onFrame } = this.options
    let session: Session
    try {
      session = new Session({ ports, url: url(), hello, onFrame: (frame) => onFrame(frame as unknown as In) })
    } catch {
      return null // The browser forbids the address, for example by the page's CSP.
    }
    this.#session = session
    if (await session.opened) return session
    const { code } = await session.closed
    if (this.#session === session) this.#session = null
    if (code === SESSION_ENDED) this.#close('ended')
    return null
  }

  async #stay(session: Session): Promise<void> {
    const { ports } = this.options
    const since = ports.now()
    this.#set('live')
    const { code } = await session.closed
    if (this.#session === session) this.#session = null
    if (code === SESSION_ENDED) this.#close('ended')
    else if (ports.now() - since >= STEADY_MS) this.#failures = 0
  }

  /** Polls until a socket opens again (and returns it) or polling fails as well (null). */
  async #pollUntilSocket(): Promise<Session | null> {
    const stop = new AbortController()
    this.#polling = stop
    let found: Session | null = null
    let cancel: Cancel = () => undefined
    const trySocket = async (ms: number): Promise<void> => {
      const session = await this.#connect()
      if (stop.signal.aborted) session?.close()
      else if (session) {
        found = session
        stop.abort()
      } else tryAfter(Math.min(ms * 2, SOCKET_AGAIN_MAX_MS))
    }
    const tryAfter = (ms: number): void => {
      cancel = this.options.ports.after(ms, () => void trySocket(ms))
    }
    tryAfter(SOCKET_AGAIN_MS)
    await this.#pollOn(stop.signal)
    stop.abort()
    cancel()
    return found
  }

  async #pollOn(signal: AbortSignal): Promise<void> {
    const stopped = (): boolean => signal.aborted
    let wait = 0
    try {
      while (!stopped()) {
        wait = (await this.#round(wait, signal)) ? POLL_SECONDS : 0
        if (stopped()) return
        this.#failures = 0
        this.#set('polling')
        await this.#rest(POLL_PAUSE_MS)
      }
    } catch (error) {
      if (error instanceof Refusal && error.status === 401 && !stopped()) this.#close('ended')
    }
  }

  /** One poll; false when it was woken, for then the request may hang on a line that is gone. */
  async #round(wait: number, signal: AbortSignal): Promise<boolean> {
    const round = new AbortController()
    const stop = (): void => round.abort()
    const woken = { yes: false }
    signal.addEventListener('abort', stop)
    this.#cutShort = () => {
      woken.yes = true
      stop()
    }
    try {
      await this.options.poll(wait, round.signal)
      return true
    } catch (error) {
      if (woken.yes) return false
      throw error
    } finally {
      this.#cutShort = null
      signal.removeEventListener('abort', stop)
    }
  }

  #rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        cancel()
        this.#cutShort = null
        resolve()
      }
      const cancel = this.options.ports.after(ms, done)
      this.#cutShort = done
    })
  }

  #close(state: 'ended' | 'stopped'): void {
    if (this.#state === state) return
    this.#generation++
    this.#unwatch()
    this.#polling?.abort()
    this.#session?.close()
    this.#session = null
    this.#cutShort?.()
    this.#set(state)
  }

  #set(state: LinkState): void {
    if (this.#state === state) return
    this.#state = state
    this.options.onState(state)
  }
}
