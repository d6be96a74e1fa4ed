import type { Api } from '../state/api'
import type { Choices, Document, Loaded, Mails, Preview, TestMail, Versions } from './wire'

export interface Question {
  document: Document
  at: string | null
  /** What is known of the customer. */
  locale: string | null
  timezone: string | null
}

/** The calls of the settings page. */
export class SettingsApi {
  constructor(private readonly api: Pick<Api, 'ask'>) {}

  save = (version: number, document: Document): Promise<Loaded> =>
    this.api.ask('/settings', { method: 'PUT', body: { version, document } })
  preview = (question: Question): Promise<Preview> =>
    this.api.ask('/settings/preview', { method: 'POST', body: question })
  choices = (): Promise<Choices> => this.api.ask('/settings/choices')
  versions = (before: number | null): Promise<Versions> =>
    this.api.ask(`/settings/versions?limit=10${before === null ? '' : `&before=${before}`}`)
  testMail = (): Promise<TestMail> =>
    this.api.ask('/settings/test-mail', { method: 'POST', body: {}, timeoutMs: TEST_MAIL_MS })
  mails = (cursor: Mails['next']): Promise<Mails> =>
    this.api.ask(`/mails?limit=20${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`)
}

/** The mail server is tried while we wait, and it may be slow to say no. */
const TEST_MAIL_MS = 60_000
