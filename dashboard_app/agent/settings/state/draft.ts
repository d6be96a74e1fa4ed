import type { Shelf } from '../../../connection'
import type { Document } from '../wire'

/** What is not saved yet, with the version that it is based on. */
export interface Draft {
  version: number
  base: Document
  document: Document
}

/** Kept for the tab: through a reload, and through a sign-in when the session has ended meanwhile. */
export class KeptDraft {
  constructor(
    private readonly shelf: Shelf,
    private readonly key: string,
  ) {}

  read(): Draft | null {
    try {
      return JSON.parse(this.shelf.getItem(this.key) ?? 'null') as Draft | null
    } catch {
      return null
    }
  }

  keep(draft: Draft | null): void {
    if (draft) this.shelf.setItem(this.key, JSON.stringify(draft))
    else this.shelf.removeItem(this.key)
  }
}
