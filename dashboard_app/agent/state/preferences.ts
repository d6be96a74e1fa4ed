import { signal, type ReadonlySignal } from '@preact/signals'
import type { Shelf } from '../../connection/ports'

export interface Preferences {
  theme: 'auto' | 'light' | 'dark'
  sounds: boolean
  /** Letters without Ctrl or Alt as shortcuts: some who speak to their computer must turn them off. */
  letters: boolean
  /** Enter sends and Shift+Enter begins a line; otherwise Ctrl/⌘+Enter sends. */
  enterSends: boolean
  /** The context panel is folded away on wide screens. */
  folded: boolean
}

const KEY = 'livechat.preferences'
const defaults: Preferences = { theme: 'auto', sounds: true, letters: true, enterSends: true, folded: false }

/** How this agent likes the dashboard, on this browser. */
export class PreferenceStore {
  readonly value: ReadonlySignal<Preferences>
  private readonly held

  constructor(private readonly shelf: Shelf) {
    this.held = signal<Preferences>({ ...defaults, ...this.restore() })
    this.value = this.held
  }

  set(change: Partial<Preferences>): void {
    this.held.value = { ...this.held.peek(), ...change }
    try {
      this.shelf.setItem(KEY, JSON.stringify(this.held.peek()))
    } catch {
      // Kept for this visit only.
    }
  }

  private restore(): Partial<Preferences> {
    try {
      return JSON.parse(this.shelf.getItem(KEY) ?? '{}') as Partial<Preferences>
    } catch {
      return {}
    }
  }
}
