import { expect, test } from 'vitest'
import { Inbox } from './inbox'
import { arrange, keyOf } from './order'
import type { ListName } from './route'
import { at, me, mine, priya, row } from './samples'
import type { Inbox as Page, InboxRow } from './wire'

const counts = { pending: 0, claimed: 0, resolved: 0 }

function setUp() {
  const asked: ((items: InboxRow[]) => void)[] = []
  const read = (): Promise<Page> =>
    new Promise((answer) =>
      asked.push((items) => answer({ items, counts, next: null, version: '1', server_time: '' })),
    )
  const inbox = new Inbox(read, () => me.id)
  const shown = (list: ListName) => arrange(inbox.rows.value.values(), list, me.id).map(keyOf)
  return { inbox, asked, shown }
}

test('Pending is oldest first, behind those that were put back with priority.', () => {
  const { inbox, shown } = setUp()
  inbox.take(
    [
      row('new', { requested_at: at(9) }),
      row('old', { requested_at: at(1) }),
      row('again', { requested_at: at(12), waiting_since: at(14), priority: 1 }),
    ],
    counts,
  )
  expect(shown('pending')).toEqual(['h-again', 'h-old', 'h-new'])
})

test('Mine shows first who waits for an answer, the longest first.', () => {
  const { inbox, shown } = setUp()
  inbox.take(
    [
      mine('quiet', { waiting_since: null }),
      mine('b', { waiting_since: at(5) }),
      mine('a', { waiting_since: at(3) }),
    ],
    counts,
  )
  expect(shown('mine')).toEqual(['h-a', 'h-b', 'h-quiet'])
})

test('A conversation leaves Pending and appears in Claimed when somebody takes it.', () => {
  const { inbox, shown } = setUp()
  inbox.take([row('1')], counts)
  inbox.take([mine('1', { claimed_by: priya })], counts)
  expect([shown('pending'), shown('mine'), shown('claimed')]).toEqual([[], [], ['h-1']])
})

test('A frame that is older than what is held is not taken.', () => {
  const { inbox } = setUp()
  inbox.take([row('1', { last_seq: 9, unread: 4 })], counts)
  inbox.take([row('1', { last_seq: 8, unread: 3 })], counts)
  expect(inbox.rows.value.get('h-1')?.unread).toBe(4)
})

test('A page removes what it no longer lists, but nothing that came while it was under way.', async () => {
  const { inbox, asked, shown } = setUp()
  inbox.take([row('gone'), row('stays')], counts)
  const loading = inbox.load('pending')
  inbox.take([row('came')], counts)
  asked[0]!([row('stays')])
  await loading
  expect(shown('pending')).toEqual(['h-came', 'h-stays'])
  expect(inbox.lists.value.pending.loaded).toBe(true)
})

test('A list that cannot be read says so and keeps its rows.', async () => {
  const inbox = new Inbox(
    () => Promise.reject(new Error('no')),
    () => me.id,
  )
  inbox.take([row('1')], counts)
  await inbox.load('pending')
  expect(inbox.lists.value.pending.failed).toBe(true)
  expect(inbox.rows.value.size).toBe(1)
})

test('A conversation is listed with the bot until people have it, then no more.', () => {
  const { inbox, shown } = setUp()
  inbox.takeFound([row('1', { handover_id: null, status: null, holder: 'bot' })])
  expect(shown('bot')).toEqual(['bot:c-1'])
  inbox.take([row('1')], counts)
  expect([shown('bot'), shown('pending')]).toEqual([[], ['h-1']])
})

test('Of several handovers of a conversation the newest speaks for it.', () => {
  const { inbox } = setUp()
  inbox.take(
    [
      mine('old', { conversation_id: 'c-1', status: 'resolved', epoch: 3 }),
      row('new', { conversation_id: 'c-1', epoch: 4 }),
    ],
    counts,
  )
  expect(inbox.of('c-1')?.handover_id).toBe('h-new')
})

test('What comes by itself is news; what was looked for or scrolled to is not.', () => {
  const { inbox } = setUp()
  const told: string[] = []
  inbox.onChange = (_, now) => told.push(keyOf(now))
  inbox.takeFound([row('found')])
  inbox.take([row('came')], counts)
  expect(told).toEqual(['h-came'])
})
