/** Who answers the customer now, read from the log: the assistant, nobody yet, or a person. */
import type { WireEvent } from '../protocol/wire'

export type Presence = { kind: 'bot' } | { kind: 'waiting' } | { kind: 'agent'; name: string | null }

export function presence(events: readonly WireEvent[]): Presence {
  const last = events.findLast((event) => event.kind === 'state' && after(event))
  return (last && after(last)) ?? { kind: 'bot' }
}

/** What a state event leaves behind, null when it changes nothing for the customer. */
function after(event: WireEvent): Presence | null {
  switch (event.state) {
    case 'requested':
    case 'requeued':
    case 'released':
      return { kind: 'waiting' }
    case 'claimed':
    case 'reopened':
    case 'transferred':
      return { kind: 'agent', name: event.actor.kind === 'agent' ? event.actor.name : null }
    case 'resolved':
    case 'offered':
    case 'ended':
      return { kind: 'bot' }
    default:
      return null
  }
}
