import type { Desk } from './desk'
import type { FromServer, PartState } from './wire'

/** Where each frame of the service goes. */
export function takeFrame(desk: Desk, frame: FromServer): void {
  switch (frame.type) {
    case 'ready':
      desk.ticker.setServerTime(frame.server_time)
      desk.availability.value = frame.availability
      break
    case 'pong':
      desk.ticker.setServerTime(frame.server_time)
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
      // A file that is refused makes no new version; this is how one learns of it.
      if (tellsOfFile(desk, frame.parts['settings'])) void desk.readSettings()
      break
    default:
      // `live`, `ack` and `error` speak of what was asked for; whoever asked has taken them.
      break
  }
}

function tellsOfFile(desk: Desk, file: PartState | undefined): boolean {
  return file !== undefined && file.note !== desk.settings.peek()?.file_error
}

/** So much happened that the service sends no more of it: the latest part is read in its place. */
function startOver(desk: Desk, conversation: string): void {
  const thread = desk.threads.get(conversation)
  if (thread) void desk.threads.read(thread)
}
