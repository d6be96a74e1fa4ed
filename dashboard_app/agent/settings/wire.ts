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

export type MailRow = Schemas['Mail']
export type Mails = Schemas['Mails']
export type TestMail = Schemas['SentTestMail']

/** What was expected, by the key that is wrong. */
export type Problems = Readonly<Record<string, string>>
