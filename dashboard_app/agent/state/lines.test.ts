import { expect, test } from 'vitest'
import { linesOf, type Bubble, type Line } from './lines'
import { at, me, priya, said } from './samples'
import type { LogEvent } from './wire'

const bot = { kind: 'bot' as const, id: null, name: null }
const sam = { kind: 'agent' as const, ...me }
const bubbles = (lines: Line[]): Bubble[] =>
  lines.flatMap((line) => (line.kind === 'bubble' || line.kind === 'note' ? [line] : []))
const marks = (events: LogEvent[]) =>
  linesOf(events, me).flatMap((line) => (line.kind === 'mark' ? [line.text] : []))
const state = (seq: number, name: LogEvent['state'], more: Partial<LogEvent> = {}) =>
  said(seq, { kind: 'state', state: name, text: null, epoch: seq, actor: sam, ...more })

test('Each line has its voice: customer, assistant, system, me and a colleague.', () => {
  const voices = bubbles(
    linesOf(
      [
        said(1),
        said(2, { actor: bot }),
        said(3, { actor: { kind: 'system', id: null, name: null } }),
        said(4, { actor: sam }),
        said(5, { actor: { kind: 'agent', ...priya } }),
      ],
      me,
    ),
  ).map(({ voice, name }) => `${voice}: ${name}`)
  expect(voices).toEqual([
    'customer: Anna',
    'assistant: Assistant',
    'system: Automatic message',
    'me: You',
    'colleague: Priya Raman',
  ])
})

test('Lines of one voice stand together until five minutes pass or another speaks.', () => {
  const lines = bubbles(
    linesOf([said(1), said(2), said(3, { actor: bot }), said(4), said(5, { at: at(9) })], me),
  )
  expect(lines.map(({ joined }) => joined)).toEqual([false, true, false, false, false])
})

test('A contact form shows what was left with it.', () => {
  const contact = { name: 'Anna', email: 'anna@example.org', phone: null }
  const [form, plain] = bubbles(linesOf([said(1, { data: { contact } as never }), said(2)], me))
  expect(form?.contact).toEqual(['Anna', 'anna@example.org'])
  expect(plain?.contact).toEqual([])
})

test('A new day is named before its first line.', () => {
  const lines = linesOf([said(1), said(2, { at: '2026-11-25T10:00:00Z' })], me)
  expect(lines.map(({ kind }) => kind)).toEqual(['day', 'bubble', 'day', 'bubble'])
})

test('Changes of hands draw dividers that say who did it.', () => {
  expect(
    marks([
      state(1, 'requested', { data: { trigger: 'words' } as never }),
      state(2, 'claimed'),
      state(3, 'away', { actor: { kind: 'system', id: null, name: null }, data: { agent: priya } as never }),
      state(4, 'back'),
      state(5, 'transferred', { data: { to: priya } as never }),
      state(6, 'resolved'),
    ]),
  ).toEqual([
    'The customer asked for a person',
    'You took over',
    'Priya Raman was away',
    'You passed this on to Priya Raman',
    'You resolved this',
  ])
})

const about = (seq: number, more: Partial<LogEvent>) => said(seq, { target: 1, text: null, ...more })

test('An edited line shows its new words and keeps the old ones; a deleted one keeps none.', () => {
  const edits = [about(2, { kind: 'edit', text: 'better' }), about(3, { kind: 'edit', text: 'best' })]
  const [edited] = bubbles(linesOf([said(1), ...edits], me))
  expect(edited).toMatchObject({ text: 'best', earlier: ['line 1', 'better'] })
  const [deleted] = bubbles(linesOf([said(1), about(2, { kind: 'delete' })], me))
  expect(deleted).toMatchObject({ text: '', deleted: true })
})

test('A reaction stands at its line until it is another one, or taken back.', () => {
  const signs = (...texts: (string | null)[]) =>
    bubbles(
      linesOf([said(1), ...texts.map((text, n) => about(2 + n, { kind: 'reaction', text }))], me),
    )[0]?.reactions.map(({ sign }) => sign)
  expect([signs('👍'), signs('👍', '❤'), signs('👍', null), signs('👍', '')]).toEqual([['👍'], ['❤'], [], []])
})

test('A reaction to a line that is not here is told in words; taking one back is not.', () => {
  const reaction = (text: string | null) => said(2, { kind: 'reaction', target: null, text })
  expect(marks([said(1), reaction('👍')])).toEqual(['Anna reacted with 👍'])
  expect(marks([said(1), reaction(null)])).toEqual([])
})

test('Blocking and unblocking are told.', () => {
  const anna = { kind: 'customer' as const, id: 'v-1', name: 'Anna' }
  expect(marks([state(1, 'blocked', { actor: anna }), state(2, 'unblocked', { actor: anna })])).toEqual([
    'Anna blocked this chat',
    'Anna unblocked this chat',
  ])
})

test('A note is no bubble: it never joins a reply.', () => {
  const lines = bubbles(linesOf([said(1, { actor: sam }), said(2, { actor: sam, kind: 'note' })], me))
  expect(lines.map(({ kind, joined }) => [kind, joined])).toEqual([
    ['bubble', false],
    ['note', false],
  ])
})
