import { expect, test, vi } from 'vitest'
import { Refusal } from '../../connection'
import { FakeWorld } from '../../connection/fakes'
import { Resolving } from './resolving'

const wish = { conversation: 'c-1', name: 'Anna', epoch: 3, seen: 9 }

function setUp(resolve = () => Promise.resolve({ epoch: 4 })) {
  const world = new FakeWorld()
  const parts = {
    clock: world,
    resolve: vi.fn(resolve),
    reopen: vi.fn(() => Promise.resolve({ epoch: 5 })),
    onResolved: vi.fn(),
    onReopened: vi.fn(),
    onFailed: vi.fn(),
  }
  return { world, parts, resolving: new Resolving(parts) }
}

test('Undo is offered for eight seconds.', async () => {
  const { world, resolving } = setUp()
  await resolving.resolve(wish)
  await world.advance(7_900)
  expect(resolving.undo.value).toEqual({ conversation: 'c-1', epoch: 4, name: 'Anna' })
  await world.advance(200)
  expect(resolving.undo.value).toBeNull()
})

test('Undo names the epoch that Resolve returned and can be used once.', async () => {
  const { parts, resolving } = setUp()
  await resolving.resolve(wish)
  await Promise.all([resolving.takeBack(), resolving.takeBack()])
  expect(parts.reopen).toHaveBeenCalledTimes(1)
  expect(parts.reopen).toHaveBeenCalledWith('c-1', 4)
  expect(parts.onReopened).toHaveBeenCalledWith('c-1', 5)
})

test('A second Resolve has its own eight seconds.', async () => {
  const { world, resolving } = setUp()
  await resolving.resolve(wish)
  await world.advance(6_000)
  await resolving.resolve({ ...wish, conversation: 'c-2', name: 'Marco' })
  await world.advance(6_000)
  expect(resolving.undo.value?.name).toBe('Marco')
})

test('A line that nobody has seen stops Resolve and is named; insisting goes on.', async () => {
  const unseen = new Refusal(409, 'unseen_message', 'Unseen.', { seq: 11 })
  const { parts, resolving } = setUp(() => Promise.reject(unseen))
  expect(await resolving.resolve(wish)).toBe(false)
  expect(resolving.stopped.value).toEqual({ conversation: 'c-1', seq: 11 })
  expect(parts.onFailed).not.toHaveBeenCalled()
  parts.resolve.mockResolvedValueOnce({ epoch: 4 })
  expect(await resolving.resolve({ ...wish, force: true })).toBe(true)
  expect(parts.resolve).toHaveBeenLastCalledWith('c-1', { epoch: 3, seen: 9, force: true })
  expect(resolving.stopped.value).toBeNull()
})

test('Any other refusal is said in its words and nothing is resolved.', async () => {
  const { parts, resolving } = setUp(() => Promise.reject(new Refusal(409, 'claim_lost', 'No longer yours.')))
  await resolving.resolve(wish)
  expect(parts.onFailed).toHaveBeenCalledWith('No longer yours.')
  expect(parts.onResolved).not.toHaveBeenCalled()
  expect(resolving.undo.value).toBeNull()
})
