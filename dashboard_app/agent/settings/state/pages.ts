import { signal } from '@preact/signals'
import { reasonOf } from '../../state/api'
import type { SettingsApi } from '../api'
import type { Choices, MailRow, Mails, TestMail, Version, Versions } from '../wire'

/** A list that is read page by page, once somebody looks at it. */
export class Pages<Item, Cursor> {
  readonly items = signal<Item[] | null>(null)
  readonly busy = signal(false)
  readonly trouble = signal<string | null>(null)
  readonly next = signal<Cursor | null>(null)

  constructor(
    private readonly read: (cursor: Cursor | null) => Promise<{ items: Item[]; next: Cursor | null }>,
  ) {}

  /** From the beginning. */
  load(): Promise<void> {
    return this.page(null, [])
  }

  async more(): Promise<void> {
    const cursor = this.next.peek()
    if (cursor !== null) await this.page(cursor, this.items.peek() ?? [])
  }

  private async page(cursor: Cursor | null, before: Item[]): Promise<void> {
    if (this.busy.peek()) return
    this.busy.value = true
    this.trouble.value = null
    try {
      const { items, next } = await this.read(cursor)
      this.items.value = [...before, ...items]
      this.next.value = next
    } catch (failure) {
      this.trouble.value = reasonOf(failure)
    } finally {
      this.busy.value = false
    }
  }
}

/** Who changed what and when. */
export const historyOf = (api: SettingsApi): Pages<Version, NonNullable<Versions['next']>> =>
  new Pages((before) => api.versions(before))

/** What was sent by mail, and what was not. */
export const mailLogOf = (api: SettingsApi): Pages<MailRow, NonNullable<Mails['next']>> =>
  new Pages((cursor) => api.mails(cursor))

/** A mail to oneself, sent while one waits. */
export class TestMailing {
  readonly busy = signal(false)
  readonly outcome = signal<TestMail | null>(null)
  readonly trouble = signal<string | null>(null)

  constructor(private readonly api: Pick<SettingsApi, 'testMail'>) {}

  async send(): Promise<void> {
    if (this.busy.peek()) return
    this.busy.value = true
    this.outcome.value = null
    this.trouble.value = null
    try {
      this.outcome.value = await this.api.testMail()
    } catch (failure) {
      this.trouble.value = reasonOf(failure)
    } finally {
      this.busy.value = false
    }
  }
}

/** What the page's lists offer; until it is known, what the browser knows. */
export class Offered {
  readonly choices = signal<Choices>({
    timezones: Intl.supportedValuesOf('timeZone'),
    countries: [],
    languages: [],
  })

  constructor(private readonly api: Pick<SettingsApi, 'choices'>) {}

  async load(): Promise<void> {
    try {
      this.choices.value = await this.api.choices()
    } catch {
      // The fields still take what is typed, and the service checks it.
    }
  }
}
