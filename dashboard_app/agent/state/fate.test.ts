import { expect, test } from 'vitest'
import { fatesOf } from './fate'
import { linesOf } from './lines'
import { me, said } from './samples'
import type { DeliveryStatus, LogEvent } from './wire'

const sam = { kind: 'agent' as const, ...me }
const none = { sent: 0, delivered: 0, read: 0 }
const mine = (seq: number, status: DeliveryStatus | null = 'queued', more: Partial<LogEvent> = {}) =>
  said(seq, { actor: sam, status, ...more })
const word = (seq: number, status: DeliveryStatus, text: string | null = null, target = 1) =>
  said(seq, { kind: 'delivery', target, status, text })
const fates = (events: LogEvent[], marks = none) =>
  Object.fromEntries([...fatesOf(linesOf(events, me), marks)].map(([seq, fate]) => [seq, fate.state]))
const fate = (events: LogEvent[], marks = none) => fatesOf(linesOf(events, me), marks).get(1)

test('Each step is said under the last line that got so far; what waits is said under each.', () => {
  const events = [1, 2, 3, 4, 5, 6].map((seq) => mine(seq))
  expect(fates(events, { sent: 4, delivered: 3, read: 1 })).toEqual({
    1: 'read',
    3: 'delivered',
    4: 'sent',
    5: 'queued',
    6: 'queued',
  })
})

test('On the web a line of mine is sent once it is in the log, and nobody else’s has a fate.', () => {
  const bot = { kind: 'bot' as const, id: null, name: null }
  const events = [mine(1, null), mine(2, null), said(3, { actor: bot }), said(4)]
  expect(fates(events, { sent: 0, delivered: 1, read: 0 })).toEqual({ 1: 'delivered', 2: 'sent' })
})

test('Outside, lines of the assistant and of the service have fates, too.', () => {
  const system = { kind: 'system' as const, id: null, name: null }
  const events = [said(1, { actor: system, status: 'failed' }), said(2)]
  expect(fates(events)).toEqual({ 1: 'failed' })
})

test('Marks of later messages pass over one that failed.', () => {
  const events = [mine(1), mine(2), word(3, 'failed', 'Refused.')]
  expect(fates(events, { sent: 2, delivered: 2, read: 0 })).toEqual({ 1: 'failed', 2: 'delivered' })
  expect(fate(events)?.why).toBe('Refused.')
})

test('A message without an answer is in doubt; what came of it replaces that, and the doubt stays visible.', () => {
  const doubt = [mine(1), word(2, 'unknown', 'No answer.')]
  expect(fate(doubt)).toMatchObject({ state: 'unknown', twice: false })
  const sent = [...doubt, word(3, 'sent', 'It may have been sent twice.')]
  expect(fate(sent, { sent: 1, delivered: 0, read: 0 })).toMatchObject({
    state: 'sent',
    twice: true,
    why: null,
  })
})

test('Sent again, it waits for its own answer: marks of later messages say nothing.', () => {
  const again = [mine(1), mine(2), word(3, 'failed', 'Refused.'), word(4, 'queued')]
  const marks = { sent: 2, delivered: 2, read: 2 }
  expect(fate(again, marks)).toMatchObject({ state: 'queued', why: null })
  expect(fate([...again, word(5, 'sent')], marks)?.state).toBe('sent')
})

test('A message that was read together with its status is not thrown back by what was said before.', () => {
  const history = [mine(1, 'delivered', { upto: 9 }), word(2, 'failed', 'Refused.'), word(3, 'queued')]
  expect(fate(history)?.state).toBe('delivered')
  expect(fate([...history, word(10, 'failed', 'Blocked.')])).toMatchObject({
    state: 'failed',
    why: 'Blocked.',
  })
})

test('Why a message failed is known after a reload, too.', () => {
  const history = [mine(1, 'failed', { upto: 2 }), word(2, 'failed', 'Refused.')]
  expect(fate(history)).toMatchObject({ state: 'failed', why: 'Refused.' })
})

test('A message that was given up stays given up.', () => {
  const events = [mine(1), word(2, 'failed', 'Refused.'), word(3, 'skipped')]
  expect(fate(events, { sent: 9, delivered: 9, read: 9 })?.state).toBe('skipped')
})

test('Why a message waits is said until it gets somewhere; it was not sent again.', () => {
  const why = 'Telegram does not know this bot’s token. An admin must renew it.'
  const events = [mine(1), word(2, 'queued', why)]
  expect(fate(events)).toMatchObject({ state: 'queued', why })
  expect(fate([mine(1, 'queued', { upto: 2 }), word(2, 'queued', why)])).toMatchObject({ why })
  expect(fate(events, { sent: 1, delivered: 0, read: 0 })?.state).toBe('sent')
  const failed = [...events, word(3, 'failed', 'Blocked.')]
  expect(fate(failed)).toMatchObject({ state: 'failed', why: 'Blocked.' })
  expect(fate([...failed, word(4, 'queued')])).toMatchObject({ state: 'queued', why: null })
})

test('What went without a file says so, however far it got and whatever came before.', () => {
  const why = 'WhatsApp does not take GIF pictures. The message goes without it.'
  const without = said(3, { kind: 'delivery', target: 1, status: null, text: why })
  const events = [mine(1), mine(2), without]
  expect(fate(events)).toMatchObject({ state: 'queued', why: null, twice: false, missing: [why] })
  const marks = { sent: 2, delivered: 2, read: 2 }
  expect(fates(events, marks)).toEqual({ 1: 'read', 2: 'read' })
  expect(fate([...events, word(4, 'failed', 'Blocked.')])).toMatchObject({
    state: 'failed',
    why: 'Blocked.',
    missing: [why],
  })
})

test('What was mailed to somebody who had gone says so under its own line, until they read it in the chat.', () => {
  const mailed = said(3, {
    kind: 'delivery',
    target: 1,
    status: 'sent',
    text: null,
    data: { mailed_to: 'a…@example.org' } as never,
  })
  const events = [mine(1, null), mine(2, null), mailed]
  expect(fate(events)).toMatchObject({ state: 'sent', mailed: 'a…@example.org', twice: false })
  expect(fates(events)).toEqual({ 1: 'sent', 2: 'sent' })
  expect(fate(events, { sent: 0, delivered: 2, read: 2 })?.state).toBe('read')
})
