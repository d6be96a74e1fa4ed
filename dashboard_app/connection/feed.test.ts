import { describe, expect, it } from 'vitest'
import type { Events, WireEvent } from '../protocol/wire'
import { Feed, PAGE } from './feed'

function event(seq: number, prev = seq - 1): WireEvent {
  return { seq, prev, kind: 'message', text: `line ${seq}` } as WireEvent
}

function following(log: () => WireEvent[]) {
  const asked: number[] = []
  const shown: number[] = []
  const lost: number[] = []
  const feed: Feed = new Feed({
    range: (after, limit) => {
      asked.push(after)
      const events = log().filter((each) => each.seq > after)
      return Promise.resolve({ events: events.slice(0, limit), last_seq: 999, reset: false })
    },
    onEvents: (events, fresh) => {
      if (fresh) shown.length = 0
      shown.push(...events.map((each) => each.seq))
    },
    onLost: () => lost.push(feed.last),
  })
  return { feed, asked, shown, lost }
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

describe('a feed', () => {
  it('hands events on in order and once', () => {
    const { feed, shown } = following(() => [])
    for (const seq of [1, 2, 2, 1, 3]) feed.take(event(seq))
    expect(shown).toEqual([1, 2, 3])
    expect(feed.last).toBe(3)
  })

  it('asks for nothing when 20 notes lie between two replies', () => {
    const { feed, shown, asked } = following(() => [])
    feed.take(event(1))
    feed.take(event(22, 1))
    expect(shown).toEqual([1, 22])
    expect(asked).toEqual([])
  })

  it('closes a gap with one request and keeps what arrives meanwhile', async () => {
    const { feed, shown, asked } = following(() => [1, 2, 3, 4].map((seq) => event(seq)))
    feed.take(event(1))
    feed.take(event(4))
    feed.take(event(5))
    feed.take(event(6))
    await settled()
    expect(shown).toEqual([1, 2, 3, 4, 5, 6])
    expect(asked).toEqual([1])
  })

  it('reads a long range page by page', async () => {
    const log = Array.from({ length: PAGE * 2 + 5 }, (_, index) => event(index + 1))
    const { feed, shown, asked } = following(() => log)
    feed.fill()
    await settled()
    expect(shown.length).toBe(log.length)
    expect(asked).toEqual([0, PAGE, PAGE * 2])
  })

  it('asks for a new connection when a hole cannot be closed, and does not loop', async () => {
    const { feed, shown, asked, lost } = following(() => [event(1)])
    feed.take(event(1))
    feed.take(event(9))
    await settled()
    expect([shown, asked, lost]).toEqual([[1], [1], [1]])
  })

  it('drops what it holds on a reset and shows the fresh range', async () => {
    let log = [1, 2, 3].map((seq) => event(seq))
    const { feed, shown } = following(() => log)
    feed.fill()
    await settled()
    log = [700, 701].map((seq) => event(seq))
    feed.restart()
    await settled()
    expect(shown).toEqual([700, 701])
    feed.take(event(702))
    expect(shown).toEqual([700, 701, 702])
  })

  it('takes a range that says reset in place of everything held', () => {
    const { feed, shown } = following(() => [])
    feed.take(event(1))
    const range: Events = { events: [event(800), event(801)], last_seq: 801, reset: true }
    feed.takeRange(range)
    expect(shown).toEqual([800, 801])
  })

  it('reports a range that could not be had', async () => {
    const lost: string[] = []
    const feed = new Feed({
      range: () => Promise.reject(new Error('no network')),
      onEvents: () => lost.push('events'),
      onLost: () => lost.push('lost'),
    })
    feed.take(event(3))
    await settled()
    expect(lost).toEqual(['lost'])
  })
})
