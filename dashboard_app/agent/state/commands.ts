import type { Desk } from './desk'
import type { Command } from './keys'
import { customerName } from './names'
import { arrange, keyOf } from './order'
import type { ListName } from './route'
import type { Thread } from './thread'
import type { InboxRow } from './wire'

type Verb = (desk: Desk, thread: Thread | null) => void

const verbs: Record<Command, Verb> = {
  next: (desk) => step(desk, 1),
  previous: (desk) => step(desk, -1),
  open: (desk) => openCursor(desk),
  take: (desk, thread) => thread && take(desk, thread),
  reply: (desk) => write(desk, 'reply'),
  note: (desk) => write(desk, 'note'),
  resolve: (desk, thread) => thread && void resolve(desk, thread),
  resolveAndNext: (desk, thread) => thread && void resolveAndNext(desk, thread),
  search: (desk) => desk.focus.ask('search'),
  pending: (desk) => openList(desk, 'pending'),
  claimed: (desk) => openList(desk, 'mine'),
  resolved: (desk) => openList(desk, 'resolved'),
  fold: (desk) => fold(desk),
  chat: (desk) => openChat(desk),
  settings: (desk) => openSettings(desk),
  back: (desk) => back(desk),
  help: (desk) => (desk.help.value = true),
}

/** What a key may say where there are no conversations. */
const anywhere = new Set<Command>(['pending', 'claimed', 'resolved', 'chat', 'settings', 'help'])

/** The verbs of the dashboard, whether a key or a button says them. */
export function run(desk: Desk, command: Command): void {
  if (desk.parts.router.route.peek().page !== 'chat' && !anywhere.has(command)) return
  verbs[command](desk, desk.threads.current.peek())
}

export function openList(desk: Desk, list: ListName): void {
  desk.search.clear()
  desk.cursor.value = null
  desk.parts.router.go({ page: 'chat', list, conversation: null })
}

/** Back to the list from which Live Chat was left. */
export function openChat(desk: Desk): void {
  desk.parts.router.go({ page: 'chat' })
}

export function openSettings(desk: Desk): void {
  desk.drawer.value = false
  desk.parts.router.go({ page: 'settings', conversation: null })
}

export function openRow(desk: Desk, row: InboxRow): void {
  desk.cursor.value = keyOf(row)
  desk.noting.value = false
  desk.drawer.value = false
  desk.parts.router.go({ conversation: row.conversation_id })
}

/** A person may take what is waiting, what the bot holds and what was resolved. */
export function canTake(desk: Desk, thread: Thread): boolean {
  return (
    desk.reach.online.value && thread.stage.value === 'ready' && thread.standing.value.holder.kind !== 'agent'
  )
}

export function take(desk: Desk, thread: Thread): void {
  if (canTake(desk, thread)) void desk.claiming.take(thread.id)
}

/** Opens whoever has waited longest; true when there was somebody. */
export function openNextWaiting(desk: Desk): boolean {
  const here = desk.threads.current.peek()?.id
  const rows = arrange(desk.inbox.rows.peek().values(), 'pending', desk.agent.id)
  const next = rows.find((row) => row.conversation_id !== here)
  if (here) desk.claiming.settle(here)
  if (!next) {
    openList(desk, 'pending')
    return false
  }
  desk.parts.router.go({ list: 'pending' }, 'replace')
  openRow(desk, next)
  return true
}

/** Takes whoever has waited longest. */
export function takeNext(desk: Desk): void {
  if (!openNextWaiting(desk)) return
  const id = desk.parts.router.route.peek().conversation
  if (id !== null && desk.reach.online.peek()) void desk.claiming.take(id)
}

export function stayAndWatch(desk: Desk, thread: Thread): void {
  desk.claiming.settle(thread.id)
}

export async function resolve(desk: Desk, thread: Thread, force = false): Promise<boolean> {
  if (!desk.holds(thread) || !desk.reach.online.peek()) return false
  const { epoch } = thread.standing.peek()
  const customer = thread.about.peek()?.customer
  const name = customer ? customerName(customer) : 'the conversation'
  return desk.resolving.resolve({ conversation: thread.id, name, epoch, seen: thread.seen.peek(), force })
}

export async function resolveAndNext(desk: Desk, thread: Thread): Promise<void> {
  if (!(await resolve(desk, thread))) return
  await listed(desk, ['mine', 'pending'])
  const mine = arrange(desk.inbox.rows.peek().values(), 'mine', desk.agent.id)
  const next = mine.find((row) => row.waiting_since !== null && row.conversation_id !== thread.id)
  if (next) openRow(desk, next)
  else openNextWaiting(desk)
}

/** On a slow line the lists may still be on their way: who waits is not known before they are here. */
async function listed(desk: Desk, lists: readonly ListName[]): Promise<void> {
  const states = desk.inbox.lists.peek()
  await Promise.all(lists.filter((list) => !states[list].loaded).map((list) => desk.inbox.load(list)))
}

export async function release(desk: Desk, thread: Thread): Promise<void> {
  if (!desk.holds(thread) || !desk.reach.online.peek()) return
  try {
    const { epoch } = await desk.parts.api.release(thread.id, thread.standing.peek().epoch)
    thread.takeStanding({ epoch, holder: { kind: 'queue', id: null, name: null }, since: null })
  } catch {
    desk.notices.show('That didn’t work. The conversation is still yours.')
  }
}

/** Whether the context stands beside the conversation, or over it. */
export function contextShown(desk: Desk): boolean {
  return desk.parts.narrow.value ? desk.drawer.value : !desk.parts.preferences.value.value.folded
}

export function fold(desk: Desk): void {
  const { narrow, preferences } = desk.parts
  if (!narrow.peek()) preferences.set({ folded: !preferences.value.peek().folded })
  else if (desk.drawer.peek()) closeDrawer(desk)
  else openDrawer(desk)
}

function openDrawer(desk: Desk): void {
  desk.drawer.value = true
  desk.focus.ask('context')
}

export function closeDrawer(desk: Desk): void {
  desk.drawer.value = false
  desk.focus.ask('head')
}

/** Esc leaves the innermost thing first. */
export function back(desk: Desk): void {
  if (desk.help.peek()) desk.help.value = false
  else if (desk.drawer.peek()) closeDrawer(desk)
  else if (desk.noting.peek()) desk.noting.value = false
  else if (desk.search.text.peek() !== '') desk.search.clear()
  else desk.parts.router.go({ conversation: null })
}

function write(desk: Desk, tab: 'reply' | 'note'): void {
  const thread = desk.threads.current.peek()
  if (!thread) return
  if (desk.holds(thread)) desk.tab.value = tab
  else if (tab === 'note') desk.noting.value = true
  else return
  desk.focus.ask('composer')
}

function step(desk: Desk, by: 1 | -1): void {
  const { keys } = desk.steady.shown.peek()
  const at = keys.indexOf(desk.cursor.peek() ?? currentKey(desk) ?? '')
  const to = at === -1 ? 0 : Math.min(keys.length - 1, Math.max(0, at + by))
  desk.cursor.value = keys[to] ?? null
  desk.focus.ask('list')
}

function currentKey(desk: Desk): string | null {
  const thread = desk.threads.current.peek()
  const row = thread ? desk.inbox.of(thread.id) : undefined
  return row ? keyOf(row) : null
}

function openCursor(desk: Desk): void {
  const row = desk.inbox.rows.peek().get(desk.cursor.peek() ?? '')
  if (row) openRow(desk, row)
}
