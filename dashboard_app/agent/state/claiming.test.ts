import { expect, test, vi } from 'vitest'
import { Refusal, Unreachable } from '../../connection'
import { Claiming } from './claiming'
import { at, me, priya } from './samples'

function setUp(claim: () => Promise<{ epoch: number; last_seq: number }>) {
  const onTaken = vi.fn()
  const onLost = vi.fn()
  const asked = vi.fn(claim)
  return {
    onTaken,
    onLost,
    asked,
    claiming: new Claiming({ claim: asked, me: () => me.id, onTaken, onLost }),
  }
}

test('Until the service has answered nobody owns the conversation, and a second click asks nothing.', async () => {
  let answer: (claimed: { epoch: number; last_seq: number }) => void = () => undefined
  const { claiming, onTaken, asked } = setUp(() => new Promise((resolve) => (answer = resolve)))
  const taking = claiming.take('c-1')
  void claiming.take('c-1')
  expect(claiming.of('c-1').step).toBe('taking')
  expect(onTaken).not.toHaveBeenCalled()
  answer({ epoch: 3, last_seq: 9 })
  await taking
  expect(asked).toHaveBeenCalledTimes(1)
  expect(onTaken).toHaveBeenCalledWith('c-1', { epoch: 3, last_seq: 9 })
  expect(claiming.of('c-1').step).toBe('idle')
})

test('Losing the race names the winner and when, once.', async () => {
  const refusal = new Refusal(409, 'already_claimed', 'Priya took it.', { holder: priya, since: at(42) })
  const { claiming, onLost } = setUp(() => Promise.reject(refusal))
  await claiming.take('c-1')
  expect(claiming.of('c-1')).toEqual({ step: 'lost', winner: priya, since: at(42) })
  expect(onLost).toHaveBeenCalledTimes(1)
})

test('Watching on puts the banner away.', async () => {
  const refusal = new Refusal(409, 'already_claimed', 'Priya took it.', { holder: priya })
  const { claiming } = setUp(() => Promise.reject(refusal))
  await claiming.take('c-1')
  claiming.settle('c-1')
  expect(claiming.of('c-1').step).toBe('idle')
})

test('A refusal without a winner and a missing connection are told in words.', async () => {
  const refused = setUp(() => Promise.reject(new Refusal(409, 'not_claimable', 'This customer is blocked.')))
  await refused.claiming.take('c-1')
  expect(refused.claiming.of('c-1')).toEqual({ step: 'failed', reason: 'This customer is blocked.' })
  const cut = setUp(() => Promise.reject(new Unreachable('cut')))
  await cut.claiming.take('c-1')
  expect(cut.claiming.of('c-1')).toMatchObject({ step: 'failed' })
})
