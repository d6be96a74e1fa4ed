/**
 * One socket from its opening to its end: the hello, the first answer, acknowledgements, and the watch for a line that
 * went dead without a word. It never reconnects; `link.ts` does.
 */
import { Refusal, Unreachable } from './http'
import type { Cancel, Ports, SocketLike } from './ports'

/** Frames that every socket of ours may send, whoever the client is. */
interface AnyFrame {
  type: string
  client_msg_id?: string | null
  seq?: number
  code?: string
  message?: string
  data?: Record<string, unknown>
}

export interface SessionOptions {
  ports: Ports
  url: string
  hello: () => object
  /** Every frame but the answers to `request`. */
  onFrame: (frame: AnyFrame) => void
}

/** A frame that is acknowledged. */
export type Numbered = { type: string; client_msg_id: string } & Record<string, unknown>

/** The socket closed. 1006 also stands for "never opened" and for a line found dead. */
export interface Closed {
  code: number
  wasLive: boolean
}

const HANDSHAKE_MS = 4_000
const QUIET_MS = 25_000
const ANSWER_MS = 10_000
const DEAD = 1006

interface Waiting {
  resolve: (seq: number) => void
  reject: (error: Error) => void
}

export class Session {
  readonly #socket: SocketLike
  readonly #waiting = new Map<string, Waiting>()
  #live = false
  #closed = false
  #cancelWatch: Cancel = () => undefined
  #tellOpen: (live: boolean) => void = () => undefined
  #tellClosed: (closed: Closed) => void = () => undefined

  /** True with the first frame of the service, false when the socket closed before. */
  readonly opened = new Promise<boolean>((tell) => (this.#tellOpen = tell))
  readonly closed = new Promise<Closed>((tell) => (this.#tellClosed = tell))

  constructor(private readonly options: SessionOptions) {
    this.#socket = options.ports.openSocket(options.url)
    this.#socket.addEventListener('open', () => this.send(options.hello()))
    this.#socket.addEventListener('message', ({ data }) => this.#hear(data))
    this.#socket.addEventListener('close', ({ code }) => this.#end(code))
    this.#watch(HANDSHAKE_MS, () => this.close(DEAD))
  }

  send(frame: object): void {
    if (!this.#closed) this.#socket.send(JSON.stringify(frame))
  }

  /** Sends a frame that carries a `client_msg_id` and resolves with the seq of its acknowledgement. */
  request(frame: Numbered): Promise<number> {
    if (this.#closed) return Promise.reject(new Unreachable('the socket is closed'))
    return new Promise((resolve, reject) => {
      const cancel = this.options.ports.after(ANSWER_MS, () => this.close(DEAD))
      const done = (): void => {
        cancel()
        this.#waiting.delete(frame.client_msg_id)
      }
      this.#waiting.set(frame.client_msg_id, {
        resolve: (seq) => {
          done()
          resolve(seq)
        },
        reject: (error) => {
          done()
          reject(error)
        },
      })
      this.send(frame)
    })
  }

  /** Asks for a sign of life now, as after sleep or a change of network. */
  probe(answerMs = ANSWER_MS): void {
    if (!this.#live || this.#closed) return
    this.send({ type: 'ping' })
    this.#watch(answerMs, () => this.close(DEAD))
  }

  /** Ends it at once, without waiting for a peer that may be gone. */
  close(code = 1000): void {
    if (this.#closed) return
    this.#end(code)
    this.#socket.close()
  }

  #hear(data: unknown): void {
    if (this.#closed) return
    const frame = parse(data)
    if (!frame) return
    if (!this.#live && frame.type !== 'error') {
      this.#live = true
      this.#tellOpen(true)
    }
    if (this.#live) this.#watch(QUIET_MS, () => this.probe())
    if (!this.#answers(frame)) this.options.onFrame(frame)
  }

  #answers(frame: AnyFrame): boolean {
    const waiting = this.#waiting.get(frame.client_msg_id ?? '')
    if (!waiting) return false
    if (frame.type === 'ack') waiting.resolve(frame.seq ?? 0)
    else if (frame.type === 'error') waiting.reject(refusal(frame))
    else return false
    return true
  }

  #watch(ms: number, run: () => void): void {
    this.#cancelWatch()
    this.#cancelWatch = this.options.ports.after(ms, run)
  }

  #end(code: number): void {
    if (this.#closed) return
    this.#closed = true
    this.#cancelWatch()
    this.#waiting.forEach(({ reject }) => reject(new Unreachable('the socket closed')))
    this.#tellOpen(false)
    this.#tellClosed({ code, wasLive: this.#live })
  }
}

function parse(data: unknown): AnyFrame | null {
  try {
    const frame: unknown = JSON.parse(String(data))
    return typeof frame === 'object' && frame !== null && 'type' in frame ? (frame as AnyFrame) : null
  } catch {
    return null
  }
}

/** Codes on which more than the message depends get the status that HTTP gives them, so both ways are judged alike. */
const STATUS: Record<string, number> = { not_signed_in: 401, too_many_requests: 429, unavailable: 503 }

function refusal(frame: AnyFrame): Refusal {
  const code = frame.code ?? 'invalid'
  return new Refusal(STATUS[code] ?? 409, code, frame.message ?? code, frame.data ?? {})
}
