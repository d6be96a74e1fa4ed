import type { Preferences } from './preferences'

export type Command =
  | 'next'
  | 'previous'
  | 'open'
  | 'take'
  | 'reply'
  | 'note'
  | 'resolve'
  | 'resolveAndNext'
  | 'search'
  | 'pending'
  | 'claimed'
  | 'resolved'
  | 'fold'
  | 'chat'
  | 'settings'
  | 'back'
  | 'help'

export interface Shortcut {
  keys: string
  command: Command
  what: string
}

/** What the `?` sheet lists and what the tooltips name. */
export const shortcuts: readonly Shortcut[] = [
  { keys: 'J', command: 'next', what: 'Next conversation' },
  { keys: 'K', command: 'previous', what: 'Previous conversation' },
  { keys: 'Enter', command: 'open', what: 'Open, or take the offer on screen' },
  { keys: 'C', command: 'take', what: 'Take over' },
  { keys: 'R', command: 'reply', what: 'Reply' },
  { keys: 'N', command: 'note', what: 'Private note' },
  { keys: 'E', command: 'resolve', what: 'Resolve' },
  { keys: 'Shift+E', command: 'resolveAndNext', what: 'Resolve and go to the next' },
  { keys: '/', command: 'search', what: 'Search' },
  { keys: '1', command: 'pending', what: 'Pending' },
  { keys: '2', command: 'claimed', what: 'Claimed' },
  { keys: '3', command: 'resolved', what: 'Resolved' },
  { keys: 'G L', command: 'chat', what: 'Live Chat' },
  { keys: 'G S', command: 'settings', what: 'Settings' },
  { keys: ']', command: 'fold', what: 'Show or hide the context' },
  { keys: 'Esc', command: 'back', what: 'Back' },
  { keys: '?', command: 'help', what: 'This list' },
]

const byKey = new Map(shortcuts.map(({ keys, command }) => [keys, command]))

/** The parts of a keyboard event that decide. */
export interface Press {
  key: string
  shiftKey: boolean
  ctrlKey: boolean
  metaKey: boolean
  altKey: boolean
  isComposing: boolean
  /** The focus is where text is written. */
  typing: boolean
  /** The focus is on something that Enter itself presses. */
  pressable: boolean
  /** G was pressed just before: this letter names a page. */
  afterG: boolean
}

export function commandOf(press: Press, { letters }: Pick<Preferences, 'letters'>): Command | null {
  if (press.isComposing || press.ctrlKey || press.metaKey || press.altKey) return null
  if (press.key === 'Escape') return 'back'
  if (press.typing || (press.key === 'Enter' && press.pressable)) return null
  const single = press.key.length === 1
  if (single && !letters) return null
  const letter = /^[a-z]$/i.test(press.key)
  const named =
    letter && press.shiftKey
      ? `Shift+${press.key.toUpperCase()}`
      : letter
        ? press.key.toUpperCase()
        : press.key
  return byKey.get(press.afterG ? `G ${named}` : named) ?? null
}

/** G alone says nothing yet: the next letter does. */
export function isG(press: Press, { letters }: Pick<Preferences, 'letters'>): boolean {
  const { key, typing, isComposing, ctrlKey, metaKey, altKey, shiftKey } = press
  return letters && key === 'g' && !(typing || isComposing || ctrlKey || metaKey || altKey || shiftKey)
}
