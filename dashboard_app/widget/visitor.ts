/**
 * Who this browser is to the service: a bearer token for one conversation, kept over reloads. A token that the service
 * no longer knows is forgotten and a fresh session made; that is also what a first visit does.
 */
import { call, type Ports, type Shelf } from '../connection'
import { backoffMs } from '../connection/backoff'
import type { Schemas, Sent } from '../protocol/wire'
import { SESSION } from './keys'

export interface Identity {
  token: string
  conversation_id: string
}

type Opened = Schemas['VisitorSession']

export class Visitor {
  #identity: Identity | null
  #making = false
  #failures = 0

  constructor(
    private readonly ports: Ports,
    private readonly base: string,
    private readonly shelf: Shelf,
    private readonly greeting: Sent<Schemas['NewSession']>,
  ) {
    this.#identity = read(shelf)
  }

  get identity(): Identity | null {
    return this.#identity
  }

  get headers(): Record<string, string> {
    return { Authorization: `Bearer ${this.#identity?.token ?? ''}` }
  }

  /** The service does not know the token any more. Another tab may already have a fresh one. */
  forget(): void {
    const kept = read(this.shelf)
    const fresh = kept && kept.token !== this.#identity?.token ? kept : null
    this.#identity = fresh
    if (!fresh) this.shelf.removeItem(SESSION)
  }

  /** Makes a session, trying until there is one; `made` is told once. */
  make(made: (opened: Opened) => void): void {
    if (this.#making) return
    this.#making = true
    const next = (): void => {
      call<Opened>(this.ports, `${this.base}/sessions`, { method: 'POST', body: this.greeting }).then(
        (opened) => {
          this.#making = false
          this.#keep(opened)
          made(opened)
        },
        () => void this.ports.after(this.#pause(++this.#failures), next),
      )
    }
    // A service that forgets every session it makes must not be asked in a tight loop.
    this.ports.after(this.#failures === 0 ? 0 : this.#pause(this.#failures), next)
    this.#failures++
  }

  /** The session works: the next loss is answered at once again. */
  proven(): void {
    this.#failures = 0
  }

  #pause(failures: number): number {
    return backoffMs(failures, () => this.ports.random())
  }

  #keep({ token, conversation_id }: Opened): void {
    this.#identity = { token, conversation_id }
    this.shelf.setItem(SESSION, JSON.stringify(this.#identity))
  }
}

function read(shelf: Shelf): Identity | null {
  try {
    const kept = JSON.parse(shelf.getItem(SESSION) ?? 'null') as Partial<Identity> | null
    return kept?.token && kept.conversation_id
      ? { token: kept.token, conversation_id: kept.conversation_id }
      : null
  } catch {
    return null
  }
}
