import type { Reader } from './lines'
import { personIn, type LogEvent } from './wire'

/** The divider that a change of state draws; null for those that need none. */
export function stateText(event: LogEvent, me: Reader): string | null {
  const { trigger, agent, to } = (event.data ?? {}) as { trigger?: unknown; agent?: unknown; to?: unknown }
  // The service itself notices that somebody is away: then the event is its own and names them.
  const { id, name } = personIn(agent) ?? event.actor
  const mine = id === me.id
  const who = mine ? 'You' : (name ?? 'The team')
  switch (event.state) {
    case 'requested':
      return requestText(trigger, event.actor)
    case 'claimed':
      return `${who} took over`
    case 'away':
      return `${who} ${mine ? 'were' : 'was'} away`
    case 'back':
    case null:
      return null
    case 'requeued':
      return `Back in the queue: ${who === 'You' ? 'you were' : `${who} was`} away`
    case 'released':
      return `${who} put this back in the queue`
    case 'transferred':
      return `${who} passed this on to ${personIn(to)?.name ?? 'a colleague'}`
    case 'resolved':
      return `${who} resolved this`
    case 'reopened':
      return `${who} reopened this`
    case 'offered':
      return offerText(event.data?.told)
    case 'ended':
      return 'No details were left: back to the assistant'
    case 'blocked':
      return `${customerOf(event.actor)} blocked this chat`
    case 'unblocked':
      return `${customerOf(event.actor)} unblocked this chat`
  }
}

function requestText(trigger: unknown, actor: LogEvent['actor']): string {
  if (trigger === 'contact_form') return 'A message was left for the team'
  if (trigger === 'bot') return 'The assistant asked for a person'
  if (trigger === 'agent') return 'A person stepped in'
  return `${customerOf(actor)} asked for a person`
}

/** Live chat closed while they waited; one who has left their details needs not be told. */
function offerText(told: unknown): string {
  if (told === false) return 'Live chat closed: the assistant answers meanwhile'
  return 'Live chat closed: they were told, and offered to leave their details'
}

/** A reaction to a message that is not on screen, or to none in particular. */
export function reactionText({ text, actor }: LogEvent): string | null {
  return text ? `${customerOf(actor)} reacted with ${text}` : null
}

function customerOf({ kind, name }: LogEvent['actor']): string {
  return (kind === 'customer' ? name : null) ?? 'The customer'
}
