/**
 * The names by which the front end speaks of what crosses the wire. Everything comes from `api.d.ts`, which is
 * generated from the service's own structs (`npm run types`); nothing is written down twice.
 */
import type { components } from './api'

export type Schemas = components['schemas']
export type WireEvent = Schemas['Event']
export type Events = Schemas['Events']
export type Actor = Schemas['Actor']
export type Button = Schemas['Button']
export type Attachment = Schemas['Attachment']
export type Availability = Schemas['Availability']
export type ErrorBody = Schemas['ErrorBody']

/** What we send: the service fills in what may be null, so those fields may be left out. */
export type Sent<T> = { [K in keyof T as null extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as null extends T[K] ? K : never]?: T[K]
}
