import { describe, expect, it } from 'vitest'
import { newId, shelf } from './browser'
import { FakeWorld, never, refusal } from './fakes'
import { call, isPassing, Unreachable } from './http'

describe('a request', () => {
  it('sends and answers JSON', async () => {
    const world = new FakeWorld()
    world.answer = () => ({ seq: 3 })
    expect(await call(world, '/messages', { method: 'POST', body: { text: 'hi' } })).toEqual({ seq: 3 })
    expect(world.asked[0]).toMatchObject({ method: 'POST', body: { text: 'hi' } })
  })

  it('throws what the service refused, with its code and how long to wait', async () => {
    const world = new FakeWorld()
    world.answer = () => refusal(429, 'too_many_requests', { 'Retry-After': '7' })
    await expect(call(world, '/x')).rejects.toMatchObject({ code: 'too_many_requests', retryAfterMs: 7000 })
  })

  it('takes the page of a proxy in between for an outage', async () => {
    const world = new FakeWorld()
    world.answer = () => new Response('<h1>Bad gateway</h1>', { status: 502 })
    const error: unknown = await call(world, '/x').catch((each: unknown) => each)
    expect(error).toMatchObject({ status: 502, code: 'unavailable' })
    expect(isPassing(error)).toBe(true)
  })

  it('is unreachable when nobody answers, or not in time', async () => {
    const world = new FakeWorld()
    await expect(call(world, '/x')).rejects.toBeInstanceOf(Unreachable)
    world.answer = (_, signal) => never(signal)
    const slow = expect(call(world, '/x')).rejects.toBeInstanceOf(Unreachable)
    await world.advance(16_000)
    await slow
  })
})

describe('the browser', () => {
  it('makes ids on plain http too, where randomUUID is missing', () => {
    const source = { getRandomValues: crypto.getRandomValues.bind(crypto) }
    expect(newId(source)).toMatch(/^[0-9a-f]{32}$/)
    expect(newId(source)).not.toBe(newId(source))
  })

  it('keeps things in memory when it forbids storage', () => {
    const kept = shelf(() => {
      throw new Error('blocked')
    })
    kept.setItem('a', '1')
    expect(kept.getItem('a')).toBe('1')
  })

  it('keeps in memory what its full storage refuses', () => {
    const full = { getItem: () => null, removeItem: () => undefined, setItem: () => expect.fail('quota') }
    const kept = shelf(() => full)
    kept.setItem('a', '1')
    expect(kept.getItem('a')).toBe('1')
    kept.removeItem('a')
    expect(kept.getItem('a')).toBeNull()
  })
})
