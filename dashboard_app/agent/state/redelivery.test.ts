import { expect, test, vi } from 'vitest'
import { Redelivery } from './redelivery'

test('A second click while the first is under way asks nothing; a refusal is told.', async () => {
  let refuse: (why: Error) => void = () => undefined
  const ask = vi.fn(() => new Promise((_, reject) => (refuse = reject)))
  const onFailed = vi.fn()
  const redelivery = new Redelivery({ ask, onFailed })
  const first = redelivery.ask('c-1', 4, 'retry', 2)
  await redelivery.ask('c-1', 4, 'retry', 2)
  expect([ask.mock.calls.length, redelivery.isBusy('c-1', 4)]).toEqual([1, true])
  refuse(new Error('no'))
  await first
  expect(onFailed).toHaveBeenCalledOnce()
  expect(redelivery.isBusy('c-1', 4)).toBe(false)
})
