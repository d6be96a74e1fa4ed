import { expect, test, vi } from 'vitest'
import { Refusal } from '../../connection'
import { FakeWorld } from '../../connection/fakes'
import { at, conversation, me, row, said } from './samples'
import { Thread } from './thread'
import type { Conversation, LogEvent } from './wire'

function setUp(about: Conversation, log: LogEvent[]) {
  const world = new FakeWorld()
  const read = vi.fn(() => Promise.resolve(about))
  const range = vi.fn((_: string, after: number, limit: number) => {
    const events = log.filter(({ seq }) => seq > after).slice(0, limit)
    return Promise.resolve({ events, last_seq: log.at(-1)?.seq ?? 0, reset: false })
  })
  const thread = new Thread('c-1', { clock: world, read, range, onEvent: vi.fn(), onLost: vi.fn() })
  return { world, read, range, thread, seqs: () => thread.events.value.map(({ seq }) => seq) }
}

const logOf = (count: number): LogEvent[] => Array.from({ length: count }, (_, index) => said(index + 1))

test('A long conversation opens at its latest part; earlier parts come in front of it.', async () => {
  const { thread, seqs } = setUp(conversation('1', { last_seq: 450 }), logOf(450))
  await thread.open()
  expect([seqs()[0], seqs().length, thread.start.value]).toEqual([251, 200, 250])
  await thread.loadEarlier()
  expect([seqs()[0], seqs().length]).toEqual([51, 400])
  await thread.loadEarlier()
  expect([seqs()[0], seqs().length, thread.start.value]).toEqual([1, 450, 0])
})

test('A hole is filled before what lies behind it is shown, and nothing is doubled.', async () => {
  const log = logOf(5)
  const { world, thread, seqs } = setUp(conversation('1'), log)
  await thread.open()
  log.push(said(6), said(7), said(8))
  thread.takeEvent(said(8))
  thread.takeEvent(said(7))
  await world.settle()
  expect(seqs()).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
})

test('A change of hands in the log changes who holds it at once.', async () => {
  const { thread } = setUp(conversation('1'), logOf(5))
  await thread.open()
  thread.takeEvent(
    said(6, { kind: 'state', state: 'claimed', epoch: 2, actor: { kind: 'agent', ...me }, at: at(3) }),
  )
  expect(thread.standing.value).toMatchObject({ epoch: 2, holder: { kind: 'agent', id: me.id } })
})

test('The card is asked for until it is there, and not for ever.', async () => {
  const about = conversation('1', { card: null, handover: row('1') })
  const { world, read, thread } = setUp(about, logOf(5))
  await thread.open()
  expect(thread.cardOnItsWay.value).toBe(true)
  await world.advance(120_000)
  expect(read.mock.calls.length).toBeLessThan(15)
  expect(thread.cardOnItsWay.value).toBe(false)
})

test('A card that arrives is shown and no longer asked for.', async () => {
  const { world, read, thread } = setUp(conversation('1', { card: null }), logOf(5))
  await thread.open()
  read.mockResolvedValue(conversation('1'))
  await world.advance(60_000)
  expect(thread.about.value?.card).not.toBeNull()
  expect(read).toHaveBeenCalledTimes(2)
})

test('Typing ends by itself, and at once when the line is there.', async () => {
  const { world, thread } = setUp(conversation('1'), logOf(5))
  await thread.open()
  thread.takeTyping('Anna', 5_000)
  expect(thread.typing.value).toBe('Anna')
  thread.takeEvent(said(6))
  expect(thread.typing.value).toBeNull()
  thread.takeTyping('Anna', 5_000)
  await world.advance(5_000)
  expect(thread.typing.value).toBeNull()
})

test('Delivery marks only grow.', async () => {
  const { thread } = setUp(conversation('1', { delivered_upto: 4, read_upto: 2 }), logOf(5))
  await thread.open()
  thread.takeMarks({ sent_upto: 6, delivered_upto: 3, read_upto: 5 })
  expect(thread.marks.value).toEqual({ sent: 6, delivered: 4, read: 5 })
})

test('A conversation that is not there is told from one that cannot be read.', async () => {
  const { read, thread } = setUp(conversation('1'), [])
  read.mockRejectedValueOnce(new Refusal(404, 'not_found', 'No such conversation.'))
  await thread.open()
  expect(thread.stage.value).toBe('missing')
  read.mockRejectedValueOnce(new Error('cut'))
  await thread.open()
  expect(thread.stage.value).toBe('failed')
})

test('A message that was sent again is looked up until it has got somewhere, and not for ever.', async () => {
  const sam = { kind: 'agent' as const, ...me }
  const again = said(6, { kind: 'delivery', target: 5, status: 'queued', actor: sam, text: null })
  const log = [...logOf(4), said(5, { actor: sam, status: 'failed' })]
  const { world, range, thread } = setUp(conversation('1'), log)
  await thread.open()
  log.push(again)
  thread.takeEvent(again)
  log[4] = { ...log[4]!, status: 'queued' }
  await world.advance(2_000)
  const status = () => thread.events.value.find(({ seq }) => seq === 5)?.status
  expect(status()).toBe('queued')
  log[4] = { ...log[4], status: 'sent' }
  await world.advance(10_000)
  expect(status()).toBe('sent')
  const asked = range.mock.calls.length
  await world.advance(600_000)
  expect(range.mock.calls.length).toBe(asked)
})
