import { signal, type ReadonlySignal } from '@preact/signals'
import type { Shelf } from '../../connection/ports'

export type Tab = 'reply' | 'note'
export type Draft = Record<Tab, string>
type Drafted = Readonly<Record<string, Draft>>

const empty: Draft = { reply: '', note: '' }

/** What an agent has begun to write, per conversation; kept across a reload until it is sent or they sign out. */
export class Drafts {
  readonly all: ReadonlySignal<Drafted>
  private readonly held
  private readonly key: string

  constructor(
    private readonly shelf: Shelf,
    owner: string,
  ) {
    this.key = `livechat.drafts.${owner}`
    this.held = signal(this.restore())
    this.all = this.held
  }

  of(conversation: string): Draft {
    return this.held.value[conversation] ?? empty
  }

  has(conversation: string): boolean {
    const { reply, note } = this.of(conversation)
    return reply.trim() !== '' || note.trim() !== ''
  }

  write(conversation: string, tab: Tab, text: string): void {
    const draft = { ...(this.held.peek()[conversation] ?? empty), [tab]: text }
    const rest = Object.fromEntries(Object.entries(this.held.peek()).filter(([id]) => id !== conversation))
    const blank = draft.reply === '' && draft.note === ''
    this.keep(blank ? rest : { ...rest, [conversation]: draft })
  }

  /** Gives a text back that could not be sent, in front of what was written since. */
  giveBack(conversation: string, tab: Tab, text: string): void {
    if (text === '') return
    const written = (this.held.peek()[conversation] ?? empty)[tab]
    this.write(conversation, tab, written.trim() === '' ? text : `${text}\n${written}`)
  }

  forget(): void {
    this.keep({})
  }

  private keep(drafts: Drafted): void {
    this.held.value = drafts
    try {
      if (Object.keys(drafts).length) this.shelf.setItem(this.key, JSON.stringify(drafts))
      else this.shelf.removeItem(this.key)
    } catch {
      // Storage is full or refused: the drafts live on in memory.
    }
  }

  private restore(): Drafted {
    try {
      return JSON.parse(this.shelf.getItem(this.key) ?? '{}') as Drafted
    } catch {
      return {}
    }
  }
}
