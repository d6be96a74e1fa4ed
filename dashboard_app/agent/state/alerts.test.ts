import { expect, test, vi } from 'vitest'
import { FakeWorld } from '../../connection/fakes'
import { Alerts } from './alerts'
import { at, me, mine, row } from './samples'
import type { InboxRow } from './wire'

function setUp({ blocked = false, wanted = true } = {}) {
  const world = new FakeWorld()
  const play = vi.fn()
  const eyes = { on: '' }
  let waiting: InboxRow[] = []
  const alerts = new Alerts({
    clock: world,
    speaker: { play, blocked: () => blocked, unblock: () => ((blocked = false), Promise.resolve()) },
    me: () => me.id,
    wanted: () => wanted,
    onScreen: (id) => eyes.on === id,
    waiting: () => waiting,
  })
  return { world, play, eyes, alerts, setWaiting: (rows: InboxRow[]) => (waiting = rows) }
}

const spoken = mine('1', { preview: { actor: 'customer', name: null, text: 'and?', at: at(5) } })

test('A new customer and a new line in mine sound different, and each makes its tab glow.', () => {
  const { play, alerts } = setUp()
  alerts.notice(undefined, row('1'))
  expect([play.mock.lastCall?.[0], alerts.glow.value]).toEqual(['waiting', 'waiting'])
  alerts.notice(mine('1'), spoken)
  expect([play.mock.lastCall?.[0], alerts.glow.value]).toEqual(['message', 'message'])
})

test('What is on screen makes no sound, nor does my own answer.', () => {
  const { play, eyes, alerts } = setUp()
  eyes.on = 'c-1'
  alerts.notice(mine('1'), spoken)
  eyes.on = ''
  alerts.notice(mine('1'), mine('1', { preview: { actor: 'agent', name: 'Sam', text: 'yes', at: at(6) } }))
  expect(play).not.toHaveBeenCalled()
})

test('A waiting customer is called out every thirty seconds until nobody waits.', async () => {
  const { world, play, alerts, setWaiting } = setUp()
  setWaiting([row('1')])
  alerts.notice(undefined, row('1'))
  await world.advance(60_000)
  expect(play).toHaveBeenCalledTimes(3)
  setWaiting([])
  await world.advance(120_000)
  expect(play).toHaveBeenCalledTimes(3)
})

test('A blocked sound is not lost on the eye, and can be allowed.', async () => {
  const { play, alerts } = setUp({ blocked: true })
  alerts.notice(undefined, row('1'))
  expect([alerts.blocked.value, alerts.glow.value]).toEqual([true, 'waiting'])
  expect(play).not.toHaveBeenCalled()
  await alerts.unblock()
  expect(alerts.blocked.value).toBe(false)
})

test('With sounds turned off only the glow is left.', () => {
  const { play, alerts } = setUp({ wanted: false })
  alerts.notice(undefined, row('1'))
  expect([play.mock.calls.length, alerts.glow.value]).toEqual([0, 'waiting'])
})
