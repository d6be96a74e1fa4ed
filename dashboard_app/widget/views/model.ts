/** What every view may reach: the conversation and the few things around it, made once by `mount`. */
import type { ComponentChild } from 'preact'
import type { WireEvent } from '../../protocol/wire'
import { Asking } from '../asking'
import { cell, derived, type Cell } from '../cell'
import type { Chat } from '../chat'
import { Draft } from '../draft'
import type { FilesPart } from '../files'
import { lines, type Line } from '../lines'
import { presence, type Presence } from '../presence'
import { t } from '../texts'

export interface Model {
  chat: Chat
  title: string | null
  open: Cell<boolean>
  /** The visitor just opened the panel: the input takes the focus. Coming back to a page does not. */
  focusInput: boolean
  asking: Asking
  draft: Draft
  lines: { readonly value: Line[] }
  presence: { readonly value: Presence }
  files: Cell<FilesPart | null>
  /** The contact form, while it stands in the place of the conversation. */
  form: Cell<(() => ComponentChild) | null>
  /** Opens it. */
  leaveDetails: () => void
  /** How many messages of ours the visitor has not had on screen. */
  unread: { readonly value: number }
  close: () => void
  /** Where the focus can rest when the button that had it goes away. */
  input: HTMLElement | null
  log: HTMLElement | null
}

interface Options {
  chat: Chat
  title: string | null
  open: Cell<boolean>
  focusInput: boolean
  close: () => void
}

export function createModel(options: Options): Model {
  const { chat } = options
  return {
    ...options,
    input: null,
    log: null,
    files: cell(null),
    form: cell(null),
    leaveDetails: () => undefined,
    asking: new Asking(chat.ports, (id) => chat.askForPerson(id)),
    draft: new Draft(chat.ports.tab),
    lines: derived(() => [chat.events.value, chat.unsent.value, chat.standing.value.value !== 'away'], lines),
    presence: derived(() => [chat.events.value], presence),
    unread: derived(() => [chat.events.value, chat.reading.upto.value], unread),
  }
}

function unread(events: readonly WireEvent[], readUpto: number): number {
  const isNews = ({ seq, kind, actor }: WireEvent): boolean =>
    seq > readUpto && kind === 'message' && actor.kind !== 'customer'
  return events.filter(isNews).length
}

/** Keeps the focus in the panel; not in the input where that would bring up a keyboard on the screen. */
export function restFocus({ input, log }: Model): void {
  const target = matchMedia('(pointer: coarse)').matches ? log : input
  target?.focus()
}

/** What to call somebody of our side. */
export function nameOf(kind: string, name: string | null): string {
  return name ?? (kind === 'bot' ? t('assistant') : t('team'))
}
