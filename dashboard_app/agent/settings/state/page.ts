import { batch, computed, signal, type ReadonlySignal } from '@preact/signals'
import { Refusal } from '../../../connection'
import { reasonOf } from '../../state/api'
import type { Clock } from '../../state/clock'
import type { SettingsApi } from '../api'
import type { Change, Document, Loaded, Problems, Stale } from '../wire'
import { choose, differentKeys, type Difference, type DifferentKey, type Side } from './difference'
import type { Draft } from './draft'
import { differences, get, put, rebase, same, withoutEmptyLanguages } from './document'
import { problemsOf, sentence } from './problems'

const SAVED_FOR = 5_000

export type Step = 'editing' | 'saving' | 'saved'

export interface PageParts {
  api: Pick<SettingsApi, 'save'>
  clock: Clock
  /** Told of what the service answered, so that the rest of the dashboard follows. */
  onSaved: (now: Loaded) => void
}

/**
 * The settings as somebody edits them. `base` is what the service holds, `document` what stands on the page; what is
 * typed is lost only when its author says so. Of two people who save, one wins, and the other sees the difference.
 */
export class SettingsPage {
  readonly base
  readonly document
  readonly step = signal<Step>('editing')
  /** Why the last Save did not work, where no field is to blame. */
  readonly trouble = signal<string | null>(null)
  readonly difference = signal<Difference | null>(null)
  /** A newer version came while there are changes that are not saved. */
  readonly news = signal<Loaded | null>(null)
  /** Counts the times that the first wrong field is wanted. */
  readonly wrong = signal(0)
  readonly changes: ReadonlySignal<Change[]>
  readonly problems: ReadonlySignal<Problems>
  readonly differentKeys: ReadonlySignal<DifferentKey[]>
  private readonly refused = signal<{ document: Document; fields: Problems } | null>(null)
  /** Which Save is the last: an earlier one does not take its word away. */
  private saves = 0
  private discarded: { document: Document; base: Document } | null = null

  constructor(
    loaded: Loaded,
    private readonly parts: PageParts,
  ) {
    this.base = signal(loaded)
    this.document = signal(loaded.document)
    this.changes = computed(() => differences(this.base.value.document, this.document.value))
    this.problems = computed(() => ({ ...this.refusedFields(), ...problemsOf(this.document.value) }))
    this.differentKeys = computed(() => {
      const difference = this.difference.value
      return difference ? differentKeys(difference, this.document.value) : []
    })
  }

  /** What was not saved when the page was last seen; a version that came since is news. */
  restore({ version, base, document }: Draft): void {
    const loaded = this.base.peek()
    batch(() => {
      if (version !== loaded.version) this.base.value = { ...loaded, version, document: base }
      this.document.value = document
      this.arrived(loaded)
    })
  }

  get draft(): Draft | null {
    const { version, document: base } = this.base.value
    return this.dirty ? { version, base, document: this.document.value } : null
  }

  get dirty(): boolean {
    return this.changes.value.length > 0
  }

  get mayChange(): boolean {
    return this.base.value.may_change
  }

  set(key: string, value: unknown): void {
    batch(() => {
      this.document.value = put(this.document.peek(), key, value)
      this.trouble.value = null
      if (this.step.peek() === 'saved') this.step.value = 'editing'
    })
  }

  /** The service's word on a document: an empty mapping says that it is fine. */
  judged(document: Document, fields: Problems): void {
    this.refused.value = { document, fields }
  }

  async save(): Promise<void> {
    if (this.step.peek() === 'saving' || !this.mayChange || !this.dirty) return
    if (Object.keys(problemsOf(this.document.peek())).length > 0) {
      this.askForWrong()
      return
    }
    const sent = withoutEmptyLanguages(this.document.peek())
    batch(() => {
      this.step.value = 'saving'
      this.trouble.value = null
    })
    try {
      this.saved(await this.parts.api.save(this.base.peek().version, sent), sent)
    } catch (failure) {
      batch(() => this.notSaved(failure, sent))
    }
  }

  discard(): void {
    batch(() => {
      this.discarded = { document: this.document.peek(), base: this.base.peek().document }
      this.settle(this.base.peek().document)
      const newer = this.news.peek()
      if (newer) this.adopt(newer)
    })
  }

  /** After Discard: what was typed stands there again. */
  giveBack(): void {
    if (!this.discarded) return
    const { document, base } = this.discarded
    this.document.value = rebase(document, base, this.base.peek().document)
    this.discarded = null
  }

  /** The service said what is in force: now and then it is news. */
  arrived(loaded: Loaded): void {
    const { version } = this.base.peek()
    if (loaded.version < version) return
    batch(() => {
      if (loaded.version === version) this.base.value = loaded
      else if (this.step.peek() === 'saving' || (this.dirty && !this.says(loaded.document)))
        this.noteNews(loaded)
      else this.adopt(loaded)
    })
  }

  /** From the notice to the difference, before any Save. */
  compare(): void {
    const newer = this.news.peek()
    if (newer) batch(() => this.meet(newer))
  }

  choose(key: string, side: Side): void {
    const difference = this.difference.peek()
    if (!difference) return
    batch(() => {
      const chosen = choose(difference, this.document.peek(), key, side)
      this.difference.value = chosen.difference
      this.document.value = chosen.document
    })
  }

  takeTheirs(): void {
    this.discard()
  }

  /** What stands here is what is in force: somebody wrote the same, or it is a Save of ours whose answer was lost. */
  private says(document: Document): boolean {
    return differences(document, this.document.peek()).length === 0
  }

  /** Answers may come in another order than they were given. */
  private noteNews(loaded: Loaded): void {
    if (loaded.version > (this.news.peek()?.version ?? 0)) this.news.value = loaded
  }

  private saved(now: Loaded, sent: Document): void {
    batch(() => {
      const typedSince = rebase(this.document.peek(), sent, now.document)
      const newer = this.news.peek()
      this.base.value = now
      this.settle(typedSince)
      this.sayInForce()
      if (newer && newer.version > now.version) this.arrived(newer)
    })
    this.parts.onSaved(now)
  }

  private sayInForce(): void {
    this.step.value = 'saved'
    const save = ++this.saves
    this.parts.clock.after(SAVED_FOR, () => {
      if (save === this.saves && this.step.peek() === 'saved') this.step.value = 'editing'
    })
  }

  private notSaved(failure: unknown, sent: Document): void {
    this.step.value = 'editing'
    if (failure instanceof Refusal && failure.code === 'stale_version') {
      this.meet(failure.data as unknown as Stale)
      if (!this.dirty && !this.difference.peek()) this.sayInForce()
    } else if (failure instanceof Refusal && failure.code === 'invalid' && isFields(failure.data['fields'])) {
      this.judged(sent, failure.data['fields'])
      this.askForWrong()
    } else {
      this.trouble.value = reasonOf(failure)
    }
  }

  private askForWrong(): void {
    this.wrong.value += 1
  }

  private adopt(loaded: Loaded): void {
    this.base.value = loaded
    this.settle(loaded.document)
  }

  private settle(document: Document): void {
    this.document.value = document
    this.difference.value = null
    this.trouble.value = null
    this.refused.value = null
    if (this.news.peek() && (this.news.peek()?.version ?? 0) <= this.base.peek().version)
      this.news.value = null
  }

  /** Somebody else's version is in force: what was typed here stands on top of it, and the difference is shown. */
  private meet(theirs: Pick<Loaded, 'version' | 'document' | 'at' | 'author'>): void {
    const was = this.base.peek().document
    const mine = this.document.peek()
    const { version, document, at, author } = theirs
    const alike = this.says(document)
    this.difference.value = alike ? null : { was, theirs: document, mine, version, by: { at, author } }
    this.document.value = rebase(mine, was, document)
    this.base.value = { ...this.base.peek(), version, document, at, author }
    this.news.value = null
  }

  /** What the service refused and nobody has touched since. */
  private refusedFields(): Record<string, string> {
    const refused = this.refused.value
    if (!refused) return {}
    const still = Object.entries(refused.fields).filter(([key]) =>
      same(get(refused.document, key), get(this.document.value, key)),
    )
    return Object.fromEntries(still.map(([key, words]) => [key, sentence(words)]))
  }
}

export function isFields(value: unknown): value is Problems {
  return typeof value === 'object' && value !== null
}
