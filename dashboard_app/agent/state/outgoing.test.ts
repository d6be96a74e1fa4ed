import { expect, test, vi } from 'vitest'
import { Refusal, Unreachable } from '../../connection'
import { FakeWorld } from '../../connection/fakes'
import { Outgoing, type Posted } from './outgoing'

const reply = (text: string) => ({ tab: 'reply' as const, text, epoch: 2 })

function setUp(deliver: (item: Posted) => Promise<number>, world = new FakeWorld()) {
  const onLost = vi.fn()
  const asked = vi.fn(deliver)
  const onGone = vi.fn()
  const outgoing = new Outgoing({ ports: world, owner: 'a-sam', deliver: asked, onLost, onGone })
  return { world, onLost, onGone, asked, outgoing }
}

test('A line is sending until its event is in the log.', async () => {
  const { world, outgoing } = setUp(() => Promise.resolve(7))
  outgoing.setOnline(true)
  outgoing.send('c-1', reply('Hello'))
  await world.settle()
  expect(outgoing.of('c-1')).toMatchObject([{ text: 'Hello', state: 'sending' }])
  outgoing.arrived('m1')
  expect(outgoing.of('c-1')).toEqual([])
})

test('Without a connection a line is shown as not sent after ten seconds and goes out when it is back.', async () => {
  const { world, asked, outgoing } = setUp(() => Promise.resolve(7))
  outgoing.send('c-1', reply('Hello'))
  await world.advance(9_000)
  expect(outgoing.of('c-1')[0]?.state).toBe('sending')
  await world.advance(2_000)
  expect(outgoing.of('c-1')[0]).toMatchObject({ state: 'unsent', why: null })
  expect(asked).not.toHaveBeenCalled()
  outgoing.setOnline(true)
  await world.settle()
  expect(asked).toHaveBeenCalledTimes(1)
  expect(outgoing.of('c-1')[0]?.state).toBe('sending')
})

test('A retry keeps the id, so that the line is stored once.', async () => {
  const { world, asked, outgoing } = setUp(() => Promise.reject(new Unreachable('cut')))
  outgoing.setOnline(true)
  outgoing.send('c-1', reply('Hello'))
  await world.advance(30_000)
  outgoing.retry('m1')
  await world.advance(30_000)
  expect(new Set(asked.mock.calls.map(([item]) => item.id))).toEqual(new Set(['m1']))
  expect(asked.mock.calls.length).toBeGreaterThan(1)
})

test('A line that is refused says why; the next one is sent all the same.', async () => {
  const { world, outgoing } = setUp(({ body }) =>
    body.text === 'bad' ? Promise.reject(new Refusal(422, 'invalid', 'Too long.')) : Promise.resolve(8),
  )
  outgoing.setOnline(true)
  outgoing.send('c-1', reply('bad'))
  outgoing.send('c-1', reply('good'))
  await world.settle()
  expect(outgoing.of('c-1')).toMatchObject([
    { text: 'bad', state: 'unsent', why: 'Too long.' },
    { text: 'good', state: 'sending' },
  ])
})

test('A line that comes after the claim was lost goes back to its author.', async () => {
  const lost = new Refusal(409, 'claim_lost', 'No longer yours.')
  const { world, onLost, outgoing } = setUp(() => Promise.reject(lost))
  outgoing.setOnline(true)
  outgoing.send('c-1', reply('Hello'))
  await world.settle()
  expect(onLost).toHaveBeenCalledTimes(1)
  expect(onLost.mock.calls[0]![0]).toMatchObject({ lane: 'c-1', body: { text: 'Hello' } })
  expect(outgoing.of('c-1')).toEqual([])
})

test('What was not sent is there again after a reload.', () => {
  const { world, outgoing } = setUp(() => Promise.resolve(7))
  outgoing.send('c-1', reply('Hello'))
  const after = setUp(() => Promise.resolve(7), world)
  expect(after.outgoing.of('c-1')).toMatchObject([{ text: 'Hello' }])
})
