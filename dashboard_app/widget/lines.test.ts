import { describe, expect, it } from 'vitest'
import type { Unsent } from '../connection'
import type { WireEvent } from '../protocol/wire'
import { lines, type MessageLine, type Written } from './lines'
import { presence } from './presence'

const NOON = '2026-11-23T12:00:00Z'

function said(seq: number, kind: string, text: string, more: Partial<WireEvent> = {}): WireEvent {
  const actor = { kind, id: null, name: kind === 'agent' ? 'Priya' : null }
  return {
    seq,
    prev: seq - 1,
    kind: 'message',
    actor,
    text,
    at: NOON,
    buttons: [],
    attachments: [],
    ...more,
  } as WireEvent
}

function turned(seq: number, state: string, kind = 'agent'): WireEvent {
  return said(seq, kind, '', { kind: 'state', state: state as WireEvent['state'] })
}

function unsent(id: string, more: Partial<Unsent<Written>> = {}): Unsent<Written> {
  return { id, lane: '', body: { text: `unsent ${id}` }, at: Date.parse(NOON), ...more }
}

function messages(events: WireEvent[], waiting: Unsent<Written>[] = [], reachable = true): MessageLine[] {
  return lines(events, waiting, reachable).filter((line) => line.kind === 'message')
}

const choices = { buttons: [{ key: 'b:1:0', title: 'Kettle', url: null }] }

describe('the lines on screen', () => {
  it('put what is not stored yet after the log, and each message once', () => {
    const events = [said(1, 'bot', 'Hello'), said(2, 'customer', 'unsent m1', { client_msg_id: 'm1' })]
    const shown = messages(events, [unsent('m1'), unsent('m2')])
    expect(shown.map(({ key }) => key)).toEqual(['e1', 'm1', 'm2'])
  })

  it('keep the key of a message when its event replaces it, so that it does not flicker', () => {
    const before = messages([], [unsent('m1')])[0]
    const after = messages([said(1, 'customer', 'unsent m1', { client_msg_id: 'm1' })])[0]
    expect(after?.key).toBe(before?.key)
  })

  it.each([
    [unsent('m1'), true, 'sending'],
    [unsent('m1'), false, 'unsent'],
    [unsent('m1', { refused: { code: 'invalid', message: 'No.' } }), true, 'refused'],
    [unsent('m1', { seq: 4 }), true, 'sent'],
  ])('say how far a message has come', (item, reachable, delivery) => {
    expect(messages([], [item], reachable)[0]?.delivery).toBe(delivery)
  })

  it('say "Sent" under the newest own message only', () => {
    const shown = messages([said(1, 'customer', 'a'), said(2, 'customer', 'b'), said(3, 'bot', 'c')])
    expect(shown.map(({ delivery }) => delivery)).toEqual([null, 'sent', null])
  })

  it('offer choices until the visitor has answered or a person was asked for', () => {
    const offer = said(1, 'bot', 'Which?', choices)
    expect(messages([offer])[0]?.buttons.length).toBe(1)
    expect(messages([offer, said(2, 'customer', 'that')])[0]?.buttons).toEqual([])
    expect(messages([offer], [unsent('m1')])[0]?.buttons).toEqual([])
    expect(messages([offer, turned(2, 'requested', 'system')])[0]?.buttons).toEqual([])
    expect(messages([offer, turned(2, 'claimed')])[0]?.buttons).toEqual([])
  })

  it('name a speaker once per run, and anew after somebody else', () => {
    const shown = messages([
      said(1, 'bot', 'a'),
      said(2, 'bot', 'b'),
      said(3, 'agent', 'c'),
      said(4, 'bot', 'd'),
    ])
    expect(shown.map(({ first }) => first)).toEqual([true, false, true, true])
  })

  it('divide the days, and tell who joins and that the assistant is back', () => {
    const yesterday = said(1, 'bot', 'a', { at: '2026-11-20T12:00:00Z' })
    const all = lines([yesterday, said(2, 'bot', 'b'), turned(3, 'claimed'), turned(4, 'resolved')], [], true)
    expect(all.map(({ kind }) => kind)).toEqual(['day', 'message', 'day', 'message', 'joined', 'left'])
  })

  it('leave out what a customer has no use for', () => {
    expect(lines([said(1, 'agent', '', { kind: 'delivery' }), turned(2, 'away')], [], true)).toEqual([])
  })
})

describe('who answers', () => {
  it.each([
    [[], { kind: 'bot' }],
    [['requested'], { kind: 'waiting' }],
    [['requested', 'claimed'], { kind: 'agent', name: 'Priya' }],
    [['requested', 'claimed', 'away'], { kind: 'agent', name: 'Priya' }],
    [['requested', 'claimed', 'requeued'], { kind: 'waiting' }],
    [['requested', 'offered'], { kind: 'bot' }],
    [['requested', 'claimed', 'resolved'], { kind: 'bot' }],
    [['requested', 'claimed', 'resolved', 'reopened'], { kind: 'agent', name: 'Priya' }],
  ])('after %j', (states, expected) => {
    expect(presence(states.map((state, index) => turned(index + 1, state)))).toEqual(expected)
  })
})
