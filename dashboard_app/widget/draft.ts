import type { Shelf } from '../connection'
import { DRAFT } from './keys'

/** What stands in the input, kept over page changes. */
export class Draft {
  #text: string

  constructor(private readonly shelf: Shelf) {
    this.#text = shelf.getItem(DRAFT) ?? ''
  }

  get text(): string {
    return this.#text
  }

  write(text: string): void {
    this.#text = text
    if (text) this.shelf.setItem(DRAFT, text)
    else this.shelf.removeItem(DRAFT)
  }
}
