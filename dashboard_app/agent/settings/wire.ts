import type { Schemas } from '../../protocol/wire'

/** The settings as in livechat.yml, with every default filled in; `state/shape.ts` has the parts that the page edits. */
export type Document = Readonly<Record<string, unknown>>

/** What is open in the description of the wire is unknown here. */
type With<T, Open> = Omit<T, keyof Open> & Open

export type Loaded = With<Schemas['SettingsDocument'], { document: Document }>
export type Change = With<Schemas['ChangedKey'], { before: unknown; after: unknown }>
export type Version = With<Schemas['SettingsVersion'], { changes: Change[] }>
export type Versions = With<Schemas['SettingsVersions'], { items: Version[] }>
export type Preview = Schemas['SettingsPreview']
export type Day = Schemas['PreviewDay']
export type Choices = Schemas['SettingsChoices']
export type Stale = With<Schemas['StaleSettings'], { document: Document; changes: Change[] }>

export interface MailRow {
  id: number | string
  kind: string
  to: string
  subject: string | null
  state: string
  attempts: number
  error: string | null
  created_at: string
  sent_at: string | null
}
export interface Mails {
  items: MailRow[]
  next: number | string | null
}
export interface TestMail {
  to: string
  state: 'sent' | 'failed' | 'waiting'
  error: string | null
}

/** What was expected, by the key that is wrong. */
export type Problems = Readonly<Record<string, string>>
