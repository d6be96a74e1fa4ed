import { describe, expect, it } from 'vitest'
import { FakeWorld } from './fakes'
import { Refusal, Unreachable } from './http'
import { Outbox, type Unsent } from './outbox'

type Line = { text: string }

function outboxOf(world: FakeWorld, deliver: (item: Unsent<Line>) => Promise<number>) {
  const tried: string[] = []
  const outbox = new Outbox<Line>({
    ports: world,
    key: 'outbox',
    deliver: (item) => {
      tried.push(`${item.id}:${item.body.text}`)
      return deliver(item)
    },
    onChange: () => undefined,
  })
  return { outbox, tried }
}

describe('an outbox', () => {
  it('keeps what is written while there is no link, and sends it when there is', async () => {
    const world = new FakeWorld()
    const { outbox, tried } = outboxOf(world, () => Promise.resolve(7))
    outbox.add({ text: 'hello' })
    await world.settle()
    expect(tried).toEqual([])
    outbox.open()
    await world.settle()
    expect(tried).toEqual(['m1:hello'])
    expect(outbox.items[0]?.seq).toBe(7)
  })

  it('sends one at a time, in order', async () => {
    const world = new FakeWorld()
    const acks: ((seq: number) => void)[] = []
    const { outbox, tried } = outboxOf(world, () => new Promise((resolve) => acks.push(resolve)))
    outbox.open()
    outbox.add({ text: 'a' })
    outbox.add({ text: 'b' })
    await world.settle()
    expect(tried).toEqual(['m1:a'])
    acks[0]!(1)
    await world.settle()
    expect(tried).toEqual(['m1:a', 'm2:b'])
  })

  it('repeats under the same id until it is acknowledged, and lets nothing overtake', async () => {
    const world = new FakeWorld()
    let answers = 0
    const { outbox, tried } = outboxOf(world, () =>
      ++answers < 3 ? Promise.reject(new Unreachable()) : Promise.resolve(answers),
    )
    outbox.open()
    outbox.add({ text: 'a' })
    outbox.add({ text: 'b' })
    await world.advance(10_000)
    expect(tried).toEqual(['m1:a', 'm1:a', 'm1:a', 'm2:b'])
  })

  it('survives a page change and resends under the same id', async () => {
    const world = new FakeWorld()
    const first = outboxOf(world, () => new Promise<number>(() => undefined))
    first.outbox.open()
    first.outbox.add({ text: 'before the reload' })
    const second = outboxOf(world, () => Promise.resolve(4))
    second.outbox.open()
    await world.settle()
    expect(second.tried).toEqual(['m1:before the reload'])
    expect(world.tab.getItem('outbox')).toBeNull()
  })

  it('marks a lasting refusal, goes on with the next, and tries again when asked', async () => {
    const world = new FakeWorld()
    let held = false
    const { outbox, tried } = outboxOf(world, ({ body }) =>
      body.text === 'a' && !held
        ? Promise.reject(new Refusal(409, 'claim_lost', 'Lost.'))
        : Promise.resolve(2),
    )
    outbox.open()
    const { id } = outbox.add({ text: 'a' })
    outbox.add({ text: 'b' })
    await world.advance(60_000)
    expect(tried).toEqual(['m1:a', 'm2:b'])
    expect(outbox.items[0]?.refused).toEqual({ code: 'claim_lost', message: 'Lost.' })
    held = true
    outbox.retry(id)
    await world.settle()
    expect(outbox.items[0]).toMatchObject({ seq: 2 })
  })

  it('waits as long as a 429 asks for', async () => {
    const world = new FakeWorld()
    const { outbox, tried } = outboxOf(world, () =>
      Promise.reject(new Refusal(429, 'too_many_requests', 'Slow down.', {}, 30_000)),
    )
    outbox.open()
    outbox.add({ text: 'a' })
    await world.advance(29_000)
    expect(tried.length).toBe(1)
    await world.advance(2_000)
    expect(tried.length).toBe(2)
  })

  it('keeps lanes apart: a stuck conversation does not hold up another', async () => {
    const world = new FakeWorld()
    const { outbox, tried } = outboxOf(world, ({ lane }) =>
      lane === 'one' ? new Promise<number>(() => undefined) : Promise.resolve(1),
    )
    outbox.open()
    outbox.add({ text: 'a' }, 'one')
    outbox.add({ text: 'b' }, 'one')
    outbox.add({ text: 'c' }, 'two')
    await world.settle()
    expect(tried).toEqual(['m1:a', 'm3:c'])
  })

  it('lets go of a message once its event is on screen', async () => {
    const world = new FakeWorld()
    const { outbox } = outboxOf(world, () => Promise.resolve(7))
    outbox.open()
    outbox.add({ text: 'a' })
    await world.settle()
    outbox.settle(({ seq }) => seq !== undefined && seq <= 7)
    expect(outbox.items).toEqual([])
  })

  it('starts empty when what was kept cannot be read', () => {
    const world = new FakeWorld()
    world.tab.setItem('outbox', 'not json')
    const { outbox } = outboxOf(world, () => Promise.resolve(7))
    expect(outbox.items).toEqual([])
  })
})
