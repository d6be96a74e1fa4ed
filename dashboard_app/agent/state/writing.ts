import { MOST_FILES } from '../../ui/files'
import type { Desk } from './desk'
import type { Tab } from './drafts'
import type { Thread } from './thread'
import { windowOf, type Window } from './window'

/** There is something to send, and the channel takes it now. */
export function canPost(desk: Desk, thread: Thread, tab: Tab): boolean {
  const written = desk.drafts.of(thread.id)[tab].trim() !== ''
  if (tab === 'note') return written
  const files = desk.files.drafted(thread.id).some(({ why }) => why === null)
  return (written || files) && !windowOfThread(desk, thread)?.over
}

export function windowOfThread(desk: Desk, thread: Thread): Window | null {
  return windowOf(thread.about.value?.window_until, desk.ticker.now.value)
}

/** Files go with a reply, while one can be written. */
export function canAttach(desk: Desk, thread: Thread): boolean {
  return desk.mostBytes.value > 0 && desk.holds(thread) && !windowOfThread(desk, thread)?.over
}

export function attach(desk: Desk, thread: Thread, files: readonly File[]): void {
  if (files.length === 0 || !canAttach(desk, thread)) return
  desk.tab.value = 'reply'
  const left = desk.files.add(thread.id, files)
  if (left > 0) desk.notices.show(`A message takes ${MOST_FILES} files at most. ${left} were left out.`)
  desk.focus.ask('composer')
}

/** Sends a message again that failed, or gives it up. */
export function redeliver(desk: Desk, thread: Thread, seq: number, verb: 'retry' | 'skip'): void {
  if (!desk.holds(thread) || !desk.reach.online.peek()) return
  void desk.redelivery.ask(thread.id, seq, verb, thread.standing.peek().epoch)
}

/** Sends what stands in the composer. */
export function post(desk: Desk, thread: Thread): void {
  const tab = desk.holds(thread) ? desk.tab.peek() : 'note'
  if (!canPost(desk, thread, tab)) return
  const text = desk.drafts.of(thread.id)[tab].trim()
  desk.drafts.write(thread.id, tab, '')
  const files = tab === 'reply' ? desk.files.take(thread.id) : []
  desk.outgoing.send(thread.id, { tab, text, files, epoch: thread.standing.peek().epoch })
  if (!desk.holds(thread)) desk.noting.value = false
}

/** Turns a reply that can't be sent any more into a note for whoever has the conversation now. */
export function saveAsNote(desk: Desk, thread: Thread): void {
  const text = desk.drafts.of(thread.id).reply.trim()
  if (text === '') return
  desk.drafts.write(thread.id, 'reply', '')
  desk.outgoing.send(thread.id, { tab: 'note', text, epoch: 0 })
}
