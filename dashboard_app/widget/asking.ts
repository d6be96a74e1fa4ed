/** The request for a person, from the click to the service's answer. */
import { isPassing, type Ports } from '../connection'
import type { Schemas } from '../protocol/wire'
import { cell } from './cell'

type Answer = Schemas['HandoverOpened']

export type Asked =
  | { kind: 'no' }
  | { kind: 'asking' }
  | { kind: 'failed' }
  | { kind: 'closed'; nextOpening: string | null }
  | { kind: 'impossible' }

export class Asking {
  readonly state = cell<Asked>({ kind: 'no' })
  /** The same request keeps its id until it was answered, so a repeated click asks once. */
  #id: string | null = null

  constructor(
    private readonly ports: Pick<Ports, 'newId'>,
    private readonly ask: (id: string) => Promise<Answer>,
  ) {}

  async request(): Promise<void> {
    if (this.state.value.kind === 'asking') return
    this.state.value = { kind: 'asking' }
    this.#id ??= this.ports.newId()
    try {
      this.state.value = understood(await this.ask(this.#id))
      this.#id = null
    } catch (error) {
      this.state.value = { kind: isPassing(error) ? 'failed' : 'impossible' }
    }
  }

  /** The conversation moved on: an old answer says nothing any more. */
  clear(): void {
    if (this.state.value.kind !== 'asking') this.state.value = { kind: 'no' }
  }
}

function understood({ status, next_opening }: Answer): Asked {
  if (status === 'out_of_hours') return { kind: 'closed', nextOpening: next_opening }
  return { kind: status === 'disabled' ? 'impossible' : 'no' }
}
