import type { Bubble, Delivery } from './lines'
import type { LogEvent } from './wire'

/** Folds what came later into the line that it speaks of: edits, deletions, reactions and deliveries. */
export function amend(bubble: Bubble, event: LogEvent): void {
  switch (event.kind) {
    case 'delivery':
      bubble.delivery = delivered(bubble.delivery, event)
      break
    case 'edit':
      bubble.earlier = [...bubble.earlier, bubble.text]
      bubble.text = event.text ?? bubble.text
      break
    case 'delete':
      bubble.deleted = true
      bubble.text = ''
      break
    case 'reaction':
      bubble.reactions = reacted(bubble.reactions, event)
      break
    case 'message':
    case 'note':
    case 'state':
      break
  }
}

/** A person has one reaction to a line; an empty one takes it back. */
function reacted(before: Bubble['reactions'], { actor, text }: LogEvent): Bubble['reactions'] {
  const by = actor.id ?? actor.kind
  const others = before.filter((reaction) => reaction.by !== by)
  return text ? [...others, { by, name: actor.name, sign: text }] : others
}

/** With a text it says why a message waits, as from the start. */
export const isSentAgain = (status: LogEvent['status'], text: string | null): boolean =>
  status === 'queued' && text === null

/**
 * A message is read together with its present status, so deliveries from before that moment only explain it; those that
 * come later replace it.
 */
function delivered(before: Delivery, { seq, status, text, data }: LogEvent): Delivery {
  if (status === null) return { ...before, missing: [...before.missing, ...(text ? [text] : [])] }
  const { mailed_to: mailed } = (data ?? {}) as { mailed_to?: unknown }
  const news = seq > before.upto
  const speaks = news || status === before.status
  return {
    ...before,
    status: news ? status : before.status,
    why: speaks && status !== 'sent' ? text : news ? null : before.why,
    twice: before.twice || (status === 'sent' && text !== null),
    again: before.again || isSentAgain(status, text),
    mailed: typeof mailed === 'string' ? mailed : before.mailed,
  }
}
