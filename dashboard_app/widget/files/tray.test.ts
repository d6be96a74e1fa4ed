import { beforeEach, describe, expect, it, vi } from 'vitest'
import { FakeUploads, FakeWorld } from '../../connection/fakes'
import type { Chat } from '../chat'
import { addressOf } from './attached'
import { Tray } from './tray'

const png = (name: string, size = 3): File => new File(['x'.repeat(size)], name, { type: 'image/png' })
const stored = (id: string): object => ({
  id,
  kind: 'image',
  name: id,
  mime: 'image/png',
  size: 3,
  url: '/f',
})

let world: FakeWorld
let line: FakeUploads
let tray: Tray

beforeEach(() => {
  world = new FakeWorld()
  line = new FakeUploads()
  const around = { value: { config: { max_file_bytes: 100 } } }
  const chat = { ports: world, base: 'http://shop/widget/v1', headers: { Authorization: 'Bearer t' }, around }
  tray = new Tray(chat as unknown as Chat, line.send)
})

describe('the tray', () => {
  it('sends each file at once, under the visitor’s token', () => {
    tray.add([png('a b.png')])
    expect(line.last.url).toBe('http://shop/widget/v1/files?name=a%20b.png')
    expect(line.last.headers).toEqual({ Authorization: 'Bearer t' })
  })

  it('lets the message go as soon as everything is up, once', async () => {
    const go = vi.fn()
    tray.add([png('a'), png('b')])
    tray.release(go)
    line.under[1]?.answer(stored('f2'))
    await world.settle()
    expect(go).not.toHaveBeenCalled()
    line.under[0]?.answer(stored('f1'))
    await world.settle()
    expect(go.mock.calls).toMatchObject([[[{ id: 'f1' }, { id: 'f2' }]]])
    expect(tray.picked.value).toEqual([])
  })

  it('sends a message without files at once', () => {
    const go = vi.fn()
    tray.release(go)
    expect(go).toHaveBeenCalledWith([])
  })

  it('keeps what can’t be sent out of the message, and says why', async () => {
    const go = vi.fn()
    tray.add([png('big', 101), new File(['<svg>'], 'x.svg', { type: 'image/svg+xml' }), png('ok')])
    expect(line.under).toHaveLength(1)
    tray.release(go)
    line.last.answer(stored('f1'))
    await world.settle()
    expect(go.mock.calls).toMatchObject([[[{ id: 'f1' }]]])
    expect(tray.picked.value.map(({ hitch }) => hitch)).toEqual(['large', 'kind'])
  })

  it.each([
    [413, 'large'],
    [422, 'kind'],
    [503, 'line'],
  ])('holds the message back when the service answers %i: the visitor decides', async (status, hitch) => {
    const go = vi.fn()
    tray.add([png('a')])
    tray.release(go)
    line.last.answer({ code: 'invalid', message: 'No.' }, status)
    await world.settle()
    expect([go.mock.calls.length, tray.picked.value[0]?.hitch]).toEqual([0, hitch])
  })

  it('tries again what did not get through', async () => {
    tray.add([png('a')])
    line.last.drop()
    await world.settle()
    tray.retry(tray.picked.value[0]!)
    line.last.answer(stored('f1'))
    await world.settle()
    expect(tray.picked.value[0]).toMatchObject({ hitch: null, up: { id: 'f1' } })
  })

  it('calls off a file that is removed, and the message goes without it', async () => {
    const go = vi.fn()
    tray.add([png('a'), png('b')])
    tray.release(go)
    line.under[0]?.answer(stored('f1'))
    await world.settle()
    tray.remove(tray.picked.value[1]!)
    await world.settle()
    expect(line.under[1]?.signal.aborted).toBe(true)
    expect(go.mock.calls).toMatchObject([[[{ id: 'f1' }]]])
  })
})

it('finds files beside the widget’s own calls, wherever the service stands', () => {
  expect(addressOf('/widget/v1/files/f?key=k', 'https://x/chat/widget/v1')).toBe(
    'https://x/chat/widget/v1/files/f?key=k',
  )
  expect(addressOf('https://bot/p.png', 'https://x/widget/v1')).toBe('https://bot/p.png')
})
