import type { LogEvent } from './wire'

const FIELDS = ['name', 'email', 'phone'] as const

/** What a contact form says about its author; empty for every other line. */
export function contactOf(data: LogEvent['data']): string[] {
  const { contact } = (data ?? {}) as { contact?: unknown }
  if (typeof contact !== 'object' || contact === null) return []
  const given = contact as Record<string, unknown>
  return FIELDS.flatMap((field) => (typeof given[field] === 'string' ? [given[field]] : []))
}
