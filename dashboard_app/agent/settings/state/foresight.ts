import { batch, computed, effect, signal, untracked, type ReadonlySignal } from '@preact/signals'
import { Refusal, type Cancel } from '../../../connection'
import { reasonOf } from '../../state/api'
import type { Clock } from '../../state/clock'
import type { Question, SettingsApi } from '../api'
import type { Document, Preview, Problems } from '../wire'
import { isFields } from './page'
import { problemsOf } from './problems'
import { shapeOf } from './shape'
import { addDays, momentOf, wallOf, weekdayOf } from './zone'

/** The service is asked once somebody has stopped typing for so long. */
const QUIET_MS = 350

/** Those that the service answers for; a year that is being typed passes through others. */
const YEARS = /^20\d\d-/

const NIGHT = '22:00'
const NOON = '12:00'

export interface ForesightParts {
  api: Pick<SettingsApi, 'preview'>
  clock: Clock
  document: ReadonlySignal<Document>
  /** What the service found wrong with a document; nothing, when it is fine. */
  judge: (document: Document, fields: Problems) => void
}

export interface QuickChoice {
  name: string
  /** Null: now. */
  wall: string | null
}

/**
 * The time machine: what a customer will see, by the service's own answer to the document on the page. It is asked
 * again whenever document or question change, and what it finds wrong with the document stands at the fields.
 */
export class Foresight {
  /** The clock of the team that is asked about; null: now. */
  readonly wall = signal<string | null>(null)
  /** The customer's language and zone; null: not known, so the team's. */
  readonly locale = signal<string | null>(null)
  readonly timezone = signal<string | null>(null)
  readonly answer = signal<Preview | null>(null)
  readonly trouble = signal<string | null>(null)
  /** The answer is that of an earlier document: the present one can't be judged yet. */
  readonly old = signal(false)
  readonly quickChoices: ReadonlySignal<QuickChoice[]>
  private cancel: Cancel = () => undefined
  private readonly stopEffect: () => void
  private turn = 0

  constructor(private readonly parts: ForesightParts) {
    this.quickChoices = computed(() => this.choices())
    let first = true
    this.stopEffect = effect(() => {
      const question = this.question
      this.cancel()
      this.turn += 1
      if (!this.canAsk) {
        this.outdate()
        return
      }
      this.cancel = parts.clock.after(first ? 0 : QUIET_MS, () => void this.ask(question))
      first = false
    })
  }

  close(): void {
    this.cancel()
    this.stopEffect()
  }

  /** The same question again: time has gone by, or the service was away. */
  again(): void {
    untracked(() => {
      if (this.canAsk) void this.ask(this.question)
    })
  }

  get zone(): string {
    return shapeOf(this.parts.document.value).business_hours.timezone
  }

  get today(): string {
    return wallOf(this.zone, this.parts.clock.now()).slice(0, 10)
  }

  /** What the customer's clock shows at the moment that is asked about; null while their zone is not known. */
  theirWall(now: number): string | null {
    const there = this.timezone.value
    return there === null ? null : wallOf(there, this.moment ?? now)
  }

  private get canAsk(): boolean {
    const wall = this.wall.value
    return (
      (wall === null || YEARS.test(wall)) && Object.keys(problemsOf(this.parts.document.value)).length === 0
    )
  }

  private get moment(): number | null {
    const wall = this.wall.value
    return wall !== null && YEARS.test(wall) ? momentOf(this.zone, wall) : null
  }

  private get question(): Question {
    const at = this.moment === null ? null : new Date(this.moment).toISOString()
    return {
      document: this.parts.document.value,
      at,
      locale: this.locale.value,
      timezone: this.timezone.value,
    }
  }

  private async ask(question: Question): Promise<void> {
    const turn = ++this.turn
    const { document } = question
    try {
      const answer = await this.parts.api.preview(question)
      if (turn === this.turn) batch(() => this.take(answer, document))
    } catch (failure) {
      if (turn === this.turn) batch(() => this.takeFailure(failure, document))
    }
  }

  private take(answer: Preview, document: Document): void {
    this.answer.value = answer
    this.trouble.value = null
    this.old.value = false
    this.parts.judge(document, {})
  }

  private takeFailure(failure: unknown, document: Document): void {
    this.outdate()
    const fields = failure instanceof Refusal && failure.status === 422 ? failure.data['fields'] : null
    if (isFields(fields)) this.parts.judge(document, fields)
    else this.trouble.value = reasonOf(failure)
  }

  private outdate(): void {
    this.old.value = true
  }

  private choices(): QuickChoice[] {
    const { today } = this
    const special = this.answer.value?.next_special
    const sunday = addDays(today, 6 - weekdayOf(today) || 7)
    return [
      { name: 'Now', wall: null },
      { name: 'Tonight 22:00', wall: `${today}T${NIGHT}` },
      { name: 'Next Sunday', wall: `${sunday}T${NOON}` },
      ...(special ? [{ name: this.specialName(special), wall: `${special.date}T${NOON}` }] : []),
    ]
  }

  private specialName({ date, name }: NonNullable<Preview['next_special']>): string {
    const own = shapeOf(this.parts.document.value).business_hours.exceptions
    const kind = own.some((day) => day.date === date) ? 'Next special day' : 'Next holiday'
    return name === null ? kind : `${kind}: ${name}`
  }
}
