import type { Schemas } from '../../protocol/wire'

export type Agent = Schemas['Agent']
export type DeliveryStatus = NonNullable<Schemas['Event']['status']>
export type Attachment = Schemas['Attachment']
export type Availability = Schemas['Availability']
export type Card = Schemas['Card']
export type Claimed = Schemas['Claimed']
export type Conversation = Schemas['Conversation']
export type Counts = Schemas['Counts']
export type Customer = Schemas['Customer']
export type Events = Schemas['Events']
export type Holder = Schemas['Holder']
export type Inbox = Schemas['Inbox']
export type InboxRow = Schemas['InboxRow']
/** `upto`: the log's last seq when this was read. What a delivery up to there said is in `status` already. */
export type LogEvent = Schemas['Event'] & { upto?: number }
export type PartState = Schemas['PartState']
export type Person = Schemas['Person']
export type SettingsDocument = Schemas['SettingsDocument']
export type FromServer = Schemas['ToDashboard']

/** The person that an open part of an answer names, if it does. */
export function personIn(value: unknown): Person | null {
  const { id, name } = (value ?? {}) as Partial<Person>
  return typeof id === 'string' && typeof name === 'string' ? { id, name } : null
}
