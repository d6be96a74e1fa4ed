import { expect, test } from 'vitest'
import { footOf } from './foot'
import { at, me, mine, priya, row, said } from './samples'
import { newer, ofEvent, ofRow, unheld, type Standing } from './standing'

const taken = (epoch: number, person = priya): Standing => ({
  epoch,
  holder: { kind: 'agent', ...person },
  since: at(1),
})
const queued: Standing = { epoch: 3, holder: { kind: 'queue', id: null, name: null }, since: null }

test('Of two reports the one with the higher epoch is right, whichever came first.', () => {
  const both = [taken(4), queued]
  for (const order of [both, both.toReversed()]) {
    expect(order.reduce(newer, unheld)).toEqual(taken(4))
  }
})

test('A row, a claim and an event of the same claim say the same.', () => {
  const event = said(6, {
    kind: 'state',
    state: 'claimed',
    epoch: 2,
    actor: { kind: 'agent', ...me },
    at: at(1),
  })
  expect(ofRow(mine('1'))).toEqual(taken(2, me))
  expect(ofEvent(event)).toEqual(taken(2, me))
})

test('The row of an ended handover does not claim to know who holds the conversation now.', () => {
  expect(ofRow(mine('1', { status: 'resolved', epoch: 9 }))).toBe(unheld)
})

test('Who holds the conversation has the composer, even after a lost race.', () => {
  const lost = { step: 'lost' as const, winner: priya, since: null }
  expect(footOf(taken(4, me), lost, me.id, false).kind).toBe('composer')
})

test('The loser sees the winner, then watches.', () => {
  const lost = { step: 'lost' as const, winner: priya, since: at(1) }
  expect(footOf(taken(4), lost, me.id, false)).toMatchObject({ kind: 'lost', winner: priya })
  expect(footOf(taken(4), { step: 'idle' }, me.id, false)).toEqual({
    kind: 'watching',
    holder: 'Priya Raman',
  })
})

test('Take Over says whom it takes the conversation from.', () => {
  const bot = ofRow(row('1', { holder: 'bot' }))
  const from = (standing: Standing, resolved: boolean) => footOf(standing, { step: 'idle' }, me.id, resolved)
  expect(from(queued, false)).toMatchObject({ kind: 'take', from: 'queue' })
  expect(from(bot, false)).toMatchObject({ kind: 'take', from: 'bot' })
  expect(from(bot, true)).toMatchObject({ kind: 'take', from: 'resolved' })
})
