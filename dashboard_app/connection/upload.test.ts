import { expect, test, vi } from 'vitest'
import { FakeUploads, FakeWorld } from './fakes'
import { isPassing, Refusal } from './http'
import { upload } from './upload'

function setUp() {
  const world = new FakeWorld()
  const line = new FakeUploads()
  const stop = new AbortController()
  const onProgress = vi.fn()
  const file = new Blob(['abc'])
  const sent = upload(world, line.send, { url: '/files', file, headers: {}, signal: stop.signal, onProgress })
  const failure = sent.then(
    () => null,
    (error: unknown) => error,
  )
  return { world, line, stop, onProgress, sent, failure }
}

test('Tells how far it got and answers what was stored.', async () => {
  const { line, onProgress, sent } = setUp()
  line.last.onProgress(0.5)
  line.last.answer({ id: 'f1' })
  expect(await sent).toEqual({ id: 'f1' })
  expect(onProgress).toHaveBeenCalledWith(0.5)
})

test('A refusal keeps its code and its sentence.', async () => {
  const { line, failure } = setUp()
  line.last.answer({ code: 'invalid', message: 'Files of this kind are not taken.' }, 422)
  expect(await failure).toMatchObject({ status: 422, message: 'Files of this kind are not taken.' })
  expect(await failure).toBeInstanceOf(Refusal)
})

test('A line on which nothing moves for half a minute is given up; one that moves slowly is not.', async () => {
  const { world, line, failure } = setUp()
  for (let step = 0; step < 5; step++) {
    await world.advance(20_000)
    line.last.onProgress(step / 10)
  }
  expect(line.last.signal.aborted).toBe(false)
  await world.advance(31_000)
  expect(isPassing(await failure)).toBe(true)
})

test('It can be called off.', async () => {
  const { stop, failure } = setUp()
  stop.abort()
  expect(isPassing(await failure)).toBe(true)
})
