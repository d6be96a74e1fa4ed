import { memoryShelf } from './browser'
import type { Cancel, Ports, SocketLike } from './ports'
import type { Sending } from './upload'

type Frame = Record<string, unknown> & { type: string }
type Heard = Record<string, (event: never) => void>

/** A socket whose far end is the test. */
export class FakeSocket implements SocketLike {
  readonly sent: Frame[] = []
  readonly #heard: Heard = {}
  closed = false

  constructor(readonly url: string) {}

  addEventListener(type: string, run: (event: never) => void): void {
    this.#heard[type] = run
  }

  send(data: string): void {
    this.sent.push(JSON.parse(data) as Frame)
  }

  close(): void {
    this.closed = true
  }

  /** The upgrade succeeds. */
  accept(): void {
    this.#heard['open']?.(undefined as never)
  }

  /** The service says something. */
  say(frame: Frame): void {
    this.#heard['message']?.({ data: JSON.stringify(frame) } as never)
  }

  /** The line ends; without `accept` before, the upgrade was refused. */
  drop(code = 1006): void {
    this.#heard['close']?.({ code } as never)
  }

  get last(): Frame | undefined {
    return this.sent[this.sent.length - 1]
  }
}

interface Timer {
  at: number
  run: () => void
}

export interface Asked {
  method: string
  url: string
  body: unknown
  headers: Record<string, string>
}

/** Clock, network and storage of a test. Nothing happens until `advance`, `settle` or the test itself moves. */
export class FakeWorld implements Ports {
  #now = 1_700_000_000_000
  #timers: Timer[] = []
  #wakers = new Set<() => void>()
  #ids = 0
  readonly sockets: FakeSocket[] = []
  readonly asked: Asked[] = []
  tab = memoryShelf()
  /** Answers requests; throwing means that nobody is there. */
  answer: (asked: Asked, signal: AbortSignal) => unknown = () => {
    throw new Error('nobody is there')
  }

  now(): number {
    return this.#now
  }

  random(): number {
    return 0.5
  }

  newId(): string {
    return `m${++this.#ids}`
  }

  after(ms: number, run: () => void): Cancel {
    const timer = { at: this.#now + ms, run }
    this.#timers.push(timer)
    return () => (this.#timers = this.#timers.filter((other) => other !== timer))
  }

  openSocket(url: string): FakeSocket {
    const socket = new FakeSocket(url)
    this.sockets.push(socket)
    return socket
  }

  async fetch(url: string, init: RequestInit): Promise<Response> {
    const body: unknown = typeof init.body === 'string' ? JSON.parse(init.body) : null
    const headers = init.headers as Record<string, string>
    const asked = { method: init.method ?? 'GET', url, body, headers }
    this.asked.push(asked)
    const answer = await this.answer(asked, init.signal as AbortSignal)
    return answer instanceof Response ? answer : new Response(JSON.stringify(answer))
  }

  onWake(run: () => void): Cancel {
    this.#wakers.add(run)
    return () => this.#wakers.delete(run)
  }

  /** The network or the page comes back. */
  async wake(): Promise<void> {
    this.#wakers.forEach((run) => run())
    await this.settle()
  }

  /** The newest socket. */
  get socket(): FakeSocket {
    const socket = this.sockets[this.sockets.length - 1]
    if (!socket) throw new Error('no socket was opened')
    return socket
  }

  /** Lets everything run that waits for nothing but its turn. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 50; turn++) await Promise.resolve()
  }

  /** Moves the clock; timers run in their order. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms
    await this.settle()
    for (;;) {
      const due = this.#timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0]
      if (!due) break
      this.#timers = this.#timers.filter((timer) => timer !== due)
      this.#now = due.at
      due.run()
      await this.settle()
    }
    this.#now = end
  }
}

/** A request that is never answered, until it is given up. */
export function never(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))))
}

export function refusal(status: number, code: string, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify({ code, message: code, data: {} }), { status, headers })
}

/** Uploads that wait until the test answers or drops them. */
export class FakeUploads {
  readonly under: (Sending & { answer: (body: unknown, status?: number) => void; drop: () => void })[] = []

  readonly send = (sending: Sending): Promise<Response> =>
    new Promise((resolve, reject) => {
      const drop = (): void => reject(new Error('the line is gone'))
      const answer = (body: unknown, status = 200): void =>
        resolve(new Response(JSON.stringify(body), { status }))
      sending.signal.onabort = drop
      this.under.push({ ...sending, answer, drop })
    })

  /** The newest one. */
  get last() {
    const newest = this.under.at(-1)
    if (!newest) throw new Error('nothing is uploaded')
    return newest
  }
}
