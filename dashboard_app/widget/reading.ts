import type { Shelf } from '../connection'
import { READ } from './keys'
import { cell } from './cell'

/** How far this visitor has read, kept over reloads so that a closed chat can say what is new. */
export class Reading {
  readonly upto = cell(0)
  #conversation = ''

  constructor(private readonly shelf: Shelf) {}

  /** Another conversation counts from its own start. */
  of(conversation: string): void {
    if (conversation === this.#conversation) return
    this.#conversation = conversation
    const [kept, seq] = (this.shelf.getItem(READ) ?? '').split(' ')
    this.upto.value = kept === conversation ? Number(seq) || 0 : 0
  }

  read(seq: number): void {
    if (seq <= this.upto.value) return
    this.upto.value = seq
    this.shelf.setItem(READ, `${this.#conversation} ${seq}`)
  }
}
