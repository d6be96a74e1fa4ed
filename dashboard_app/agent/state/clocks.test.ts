import { expect, test } from 'vitest'
import { FakeWorld } from '../../connection/fakes'
import { Ticker } from './clock'
import { Reachability } from './health'
import { duration, waitSince } from './wait'

const minute = 60_000

test('The chip turns at two and at five minutes, in word as well as in colour.', () => {
  const since = new Date(0).toISOString()
  const words = [0, 2 * minute - 1, 2 * minute, 5 * minute - 1, 5 * minute].map(
    (now) => waitSince(since, now).word,
  )
  expect(words).toEqual(['Waiting', 'Waiting', 'Due', 'Due', 'Late'])
})

test('A wait is told in the unit that matters.', () => {
  expect([8_000, 61_000, 65 * minute, 50 * 60 * minute].map(duration)).toEqual([
    '8s',
    '1m',
    '1h 05m',
    '2d 2h',
  ])
})

test('A customer who waits since a moment in the future waits no time at all.', () => {
  expect(waitSince(new Date(5_000).toISOString(), 0).time).toBe('0s')
})

test('One ticker counts seconds, in the time of the service once it is known.', async () => {
  const world = new FakeWorld()
  const ticker = new Ticker(world)
  const begun = ticker.now.value
  await world.advance(3_000)
  expect(Math.floor(ticker.now.value / 1000) - Math.floor(begun / 1000)).toBe(3)
  ticker.setServerTime(new Date(world.now() + 90_000).toISOString())
  expect(ticker.now.value).toBe(world.now() + 90_000)
  await world.advance(2_000)
  expect(Math.round((ticker.now.value - world.now()) / 1000)).toBe(90)
})

test('A clock that jumps is noticed, once, and nothing else is.', async () => {
  const world = new FakeWorld()
  let offset = 0
  let jumps = 0
  const ticker = new Ticker({ now: () => world.now() + offset, after: (ms, run) => world.after(ms, run) })
  ticker.onJump = () => jumps++
  await world.advance(60_000)
  expect(jumps).toBe(0)
  for (offset of [-3_600_000, 0]) await world.advance(5_000)
  expect(jumps).toBe(2)
})

test('A short break is not mentioned; actions are off at once all the same.', async () => {
  const world = new FakeWorld()
  const reach = new Reachability(world)
  reach.lost()
  expect(reach.online.value).toBe(false)
  await world.advance(2_900)
  expect(reach.reach.value).toBe('fine')
  reach.found()
  await world.advance(10_000)
  expect([reach.reach.value, reach.online.value]).toEqual(['fine', true])
})

test('A break of three seconds has a banner, and two seconds of "Back online".', async () => {
  const world = new FakeWorld()
  const reach = new Reachability(world)
  reach.lost()
  await world.advance(3_000)
  expect(reach.reach.value).toBe('away')
  reach.found()
  expect(reach.reach.value).toBe('back')
  await world.advance(2_000)
  expect(reach.reach.value).toBe('fine')
})
