import type { Desk } from './desk'
import type { FromServer } from './wire'

/** Where each frame of the service goes. */
export function takeFrame(desk: Desk, frame: FromServer): void {
  switch (frame.type) {
    case 'ready':
      desk.ticker.setServerTime(frame.server_time)
      desk.availability.value = frame.availability
      break
    case 'event':
      desk.threads.get(frame.conversation_id)?.takeEvent(frame.event)
      break
    case 'watermark':
      desk.threads.get(frame.conversation_id)?.takeMarks(frame)
      break
    case 'inbox':
      desk.inbox.take(frame.items, frame.counts)
      break
    case 'settings':
      desk.availability.value = frame.availability
      void desk.readSettings()
      break
    case 'typing':
      if (frame.actor.id !== desk.agent.id) {
        desk.threads.get(frame.conversation_id)?.takeTyping(frame.actor.name ?? 'The customer', frame.for_ms)
      }
      break
    case 'reset':
      startOver(desk, frame.conversation_id)
      break
    case 'health':
      desk.health.value = frame.parts
      break
    default:
      // `live`, `ack` and `error` speak of what was asked for; whoever asked has taken them.
      break
  }
}

/** So much happened that the service sends no more of it: the latest part is read in its place. */
function startOver(desk: Desk, conversation: string): void {
  const thread = desk.threads.get(conversation)
  if (thread) void desk.threads.read(thread)
}
