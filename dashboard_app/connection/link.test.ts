import { beforeEach, describe, expect, it } from 'vitest'
import { FakeWorld, never } from './fakes'
import { Refusal, Unreachable } from './http'
import { Link, type LinkState } from './link'

let world: FakeWorld
let states: LinkState[]
let frames: string[]
let polled: number[]
let poll: (wait: number, signal: AbortSignal) => Promise<void>
let held: number
let link: Link<{ type: string }>

beforeEach(() => {
  world = new FakeWorld()
  states = []
  frames = []
  polled = []
  held = 0
  poll = () => Promise.reject(new Unreachable())
  link = new Link({
    ports: world,
    url: () => 'ws://shop/socket',
    hello: () => ({ type: 'hello', after: held }),
    onFrame: ({ type }) => frames.push(type),
    poll: (wait, signal) => {
      polled.push(wait)
      return poll(wait, signal)
    },
    onState: (state) => states.push(state),
  })
})

async function goLive(): Promise<void> {
  world.socket.accept()
  world.socket.say({ type: 'ready' })
  await world.settle()
}

describe('a link', () => {
  it('says hello first and is live with the first answer', async () => {
    link.start()
    world.socket.accept()
    expect(world.socket.sent).toEqual([{ type: 'hello', after: 0 }])
    expect(link.usable).toBe(false)
    world.socket.say({ type: 'ready' })
    await world.settle()
    expect(states).toEqual(['connecting', 'live'])
    expect(frames).toEqual(['ready'])
  })

  it('resumes from what is held after the socket was lost', async () => {
    link.start()
    await goLive()
    held = 12
    world.socket.drop()
    await world.advance(1_000)
    await goLive()
    expect(world.socket.sent[0]).toEqual({ type: 'hello', after: 12 })
    expect(states).toEqual(['connecting', 'live', 'down', 'live'])
  })

  it('resumes after a close for being too slow (4408)', async () => {
    link.start()
    await goLive()
    world.socket.drop(4408)
    await world.advance(1_000)
    expect(world.sockets.length).toBe(2)
  })

  it('backs off longer with each failure and never beyond twenty seconds', async () => {
    link.start()
    for (let round = 0; round < 12; round++) {
      world.socket.drop()
      await world.settle()
      const before = world.now()
      while (world.socket === world.sockets[round]) await world.advance(50)
      expect(world.now() - before).toBeLessThanOrEqual(20_000)
    }
    expect(world.now()).toBeGreaterThan(60_000)
  })

  it('tries at once when the network or the page comes back', async () => {
    link.start()
    for (let round = 0; round < 6; round++) {
      world.socket.drop()
      await world.advance(round === 5 ? 0 : 20_000)
    }
    const before = world.sockets.length
    await world.wake()
    expect(world.sockets.length).toBe(before + 1)
  })

  it('ends when the service ends the session (4401), and can be started again', async () => {
    link.start()
    await goLive()
    world.socket.drop(4401)
    await world.advance(60_000)
    expect(states).toEqual(['connecting', 'live', 'ended'])
    expect(world.sockets.length).toBe(1)
    link.start()
    await goLive()
    expect(link.state).toBe('live')
  })

  it('finds a dead line by asking for a sign of life', async () => {
    link.start()
    await goLive()
    await world.advance(26_000)
    expect(world.socket.last).toEqual({ type: 'ping' })
    world.socket.say({ type: 'pong' })
    await world.advance(9_000)
    expect(link.state).toBe('live')
    await world.advance(30_000)
    expect(world.sockets.length).toBeGreaterThan(1)
    expect(frames).toEqual(['ready', 'pong'])
  })

  it('asks for a sign of life when the page wakes up', async () => {
    link.start()
    await goLive()
    await world.wake()
    expect(world.socket.last).toEqual({ type: 'ping' })
    await world.advance(5_000)
    expect(link.state).not.toBe('live')
  })

  it('gives up on an upgrade that is never answered', async () => {
    link.start()
    world.socket.accept()
    await world.advance(4_100)
    expect(polled).toEqual([0])
  })

  it('stops for good when it is stopped', async () => {
    link.start()
    await goLive()
    link.stop()
    await world.advance(600_000)
    expect(world.sockets.length).toBe(1)
    expect(world.socket.closed).toBe(true)
    expect(link.state).toBe('stopped')
  })
})

describe('a link whose upgrades are refused', () => {
  beforeEach(async () => {
    poll = (wait, signal) =>
      wait === 0 ? Promise.resolve() : never(signal).catch(() => Promise.reject(new Unreachable()))
    link.start()
    world.socket.drop()
    await world.settle()
  })

  it('polls at once, first without waiting, then long', async () => {
    expect(link.state).toBe('polling')
    await world.advance(1_000)
    expect(polled).toEqual([0, 25])
  })

  it('tries the socket again now and then, and goes live without a pause in the polling', async () => {
    await world.advance(31_000)
    expect(world.sockets.length).toBe(2)
    world.socket.drop()
    await world.advance(61_000)
    expect(world.sockets.length).toBe(3)
    expect(link.state).toBe('polling')
    await goLive()
    expect(link.state).toBe('live')
  })

  it('asks anew when the page wakes up, for the old request may hang', async () => {
    await world.advance(1_000)
    await world.wake()
    await world.advance(1_000)
    expect(polled).toEqual([0, 25, 0, 25])
    expect(link.state).toBe('polling')
  })

  it('is down when polling fails too', async () => {
    poll = () => Promise.reject(new Unreachable())
    await world.advance(300)
    expect(link.state).toBe('down')
  })

  it('ends on 401', async () => {
    poll = () => Promise.reject(new Refusal(401, 'not_signed_in', 'Sign in.'))
    await world.advance(300)
    expect(link.state).toBe('ended')
    await world.advance(600_000)
    expect(world.sockets.length).toBe(1)
  })
})

describe('a message over the socket', () => {
  it('is answered by the acknowledgement that names it', async () => {
    link.start()
    await goLive()
    const seq = link.request({ type: 'send', client_msg_id: 'm1' })
    world.socket.say({ type: 'ack', client_msg_id: 'm1', seq: 9 })
    expect(await seq).toBe(9)
  })

  it('is refused with the code of the service', async () => {
    link.start()
    await goLive()
    const seq = link.request({ type: 'send', client_msg_id: 'm1' })
    world.socket.say({ type: 'error', client_msg_id: 'm1', code: 'claim_lost', message: 'Lost.' })
    await expect(seq).rejects.toMatchObject({ code: 'claim_lost' })
  })

  it('is unreachable, not refused, when the socket closes under it', async () => {
    link.start()
    await goLive()
    const seq = link.request({ type: 'send', client_msg_id: 'm1' })
    world.socket.drop()
    await expect(seq).rejects.toBeInstanceOf(Unreachable)
  })

  it('recycles the socket when no acknowledgement comes', async () => {
    link.start()
    await goLive()
    const seq = link.request({ type: 'send', client_msg_id: 'm1' })
    const failed = expect(seq).rejects.toBeInstanceOf(Unreachable)
    await world.advance(11_000)
    await failed
    expect(world.sockets.length).toBe(2)
  })
})
