import { describe, expect, it } from 'vitest'
import { memoryShelf } from '../connection/browser'
import { FakeWorld } from '../connection/fakes'
import { Refusal, Unreachable } from '../connection'
import { Asking } from './asking'
import { cell, derived, flush, onChange } from './cell'
import { Reading } from './reading'
import { StandingWatch } from './standing'
import { opening } from './when'

describe('asking for a person', () => {
  const answers = (...outcomes: (object | Error)[]) => {
    const ids: string[] = []
    const asking = new Asking(new FakeWorld(), (id) => {
      ids.push(id)
      const outcome = outcomes.shift()
      return outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve(outcome as never)
    })
    return { asking, ids }
  }

  it('repeats a request that got no answer under the same id, so that it opens once', async () => {
    const { asking, ids } = answers(new Unreachable(), { status: 'pending' }, { status: 'already_open' })
    await asking.request()
    expect(asking.state.value).toEqual({ kind: 'failed' })
    await asking.request()
    await asking.request()
    expect(ids).toEqual(['m1', 'm1', 'm2'])
  })

  it.each([
    [
      { status: 'out_of_hours', next_opening: 'x' },
      { kind: 'closed', nextOpening: 'x' },
    ],
    [{ status: 'disabled', reason: 'plan' }, { kind: 'impossible' }],
    [{ status: 'pending' }, { kind: 'no' }],
    [new Refusal(403, 'forbidden', 'No.'), { kind: 'impossible' }],
  ])('understands the answer %o', async (answer, expected) => {
    const { asking } = answers(answer)
    await asking.request()
    expect(asking.state.value).toEqual(expected)
  })
})

describe('the line', () => {
  it('is worth a word only after three seconds, and again when it is back', async () => {
    const world = new FakeWorld()
    const standing = new StandingWatch(world)
    standing.update(false)
    await world.advance(2_900)
    expect(standing.value.value).toBe('fine')
    await world.advance(200)
    expect(standing.value.value).toBe('away')
    standing.update(true)
    expect(standing.value.value).toBe('back')
    await world.advance(2_100)
    expect(standing.value.value).toBe('fine')
  })

  it('is not mentioned when it was away for a moment', async () => {
    const world = new FakeWorld()
    const standing = new StandingWatch(world)
    standing.update(false)
    await world.advance(1_000)
    standing.update(true)
    await world.advance(10_000)
    expect(standing.value.value).toBe('fine')
  })
})

describe('what was read', () => {
  it('is kept per conversation', () => {
    const shelf = memoryShelf()
    const before = new Reading(shelf)
    before.of('c1')
    before.read(7)
    before.read(5)
    const after = new Reading(shelf)
    after.of('c1')
    expect(after.upto.value).toBe(7)
    after.of('c2')
    expect(after.upto.value).toBe(0)
  })
})

describe('a cell', () => {
  it('tells of many changes once, and of no change never', async () => {
    const seen: number[] = []
    const count = cell(0)
    const stop = onChange(() => seen.push(count.value))
    count.value = 1
    count.value = 2
    await Promise.resolve()
    count.value = 2
    await Promise.resolve()
    count.value = 3
    flush()
    stop()
    expect(seen).toEqual([2, 3])
  })

  it('feeds what is derived from it, computed once per change', () => {
    let computed = 0
    const count = cell(1)
    const double = derived(
      () => [count.value],
      (now) => (computed++, now * 2),
    )
    expect([double.value, double.value]).toEqual([2, 2])
    count.value = 2
    expect(double.value).toBe(4)
    expect(computed).toBe(2)
  })
})

describe('an opening time', () => {
  const now = new Date(2026, 10, 23, 20, 0).getTime()
  const at = (day: number, hour: number): string => new Date(2026, 10, day, hour, 0).toISOString()

  it.each([
    [at(23, 22), '22:00'],
    [at(24, 9), 'Tuesday 09:00'],
    [at(30, 9), 'Monday 30 November at 09:00'],
  ])('%s is said as %s', (iso, expected) => {
    expect(opening(iso, now, 'en-GB').replace(',', '')).toBe(expected)
  })
})
