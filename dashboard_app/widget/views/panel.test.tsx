// @vitest-environment happy-dom
import { render } from 'preact'
import { act } from 'preact/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { memoryShelf } from '../../connection/browser'
import { FakeWorld } from '../../connection/fakes'
import { cell, onChange } from '../cell'
import { Chat } from '../chat'
import { createModel, type Model } from './model'
import { Widget } from './panel'

const STATE = {
  config: { show_button: true, texts: { talk_to_human: null } },
  availability: { open: true },
  button: false,
}
const BOT = { kind: 'bot', id: null, name: null }

let world: FakeWorld
let model: Model
let place: HTMLElement
let stop: () => void
let seq: number

beforeEach(async () => {
  world = new FakeWorld()
  world.answer = () => ({ ...STATE, token: 't1', conversation_id: 'c1', last_seq: 0 })
  seq = 0
  const chat = new Chat({
    ports: world,
    base: 'http://shop/widget/v1',
    shelf: memoryShelf(),
    page: '',
    locale: 'en',
  })
  const close = (): void => {
    model.open.value = false
  }
  model = createModel({ chat, title: 'Larch', open: cell(true), focusInput: true, close })
  place = document.body.appendChild(document.createElement('div'))
  const draw = (): void => act(() => render(<Widget model={model} />, place)) as unknown as undefined
  stop = onChange(draw)
  draw()
  chat.start()
  await world.advance(10)
  world.socket.accept()
  await hear({ type: 'ready', ...STATE })
  await hear({ type: 'live' })
})

afterEach(() => {
  stop()
  render(null, place)
  place.remove()
})

async function hear(frame: { type: string } & Record<string, unknown>): Promise<void> {
  await act(async () => {
    world.socket.say(frame)
    await world.settle()
  })
}

function event(text: string, more: object = {}): Promise<void> {
  const said = { seq: ++seq, prev: seq - 1, kind: 'message', actor: BOT, text, at: '2026-11-23T12:00:00Z' }
  return hear({
    type: 'event',
    conversation_id: 'c1',
    event: { ...said, buttons: [], attachments: [], ...more },
  })
}

function press(name: string): Promise<void> {
  const button = [...place.querySelectorAll('button')].find((each) => each.textContent.trim() === name)
  return act(async () => {
    button?.click()
    await world.settle()
  })
}

describe('the panel', () => {
  it('shows what was said as text, whatever it looks like', async () => {
    await event('<img src=x onerror=alert(1)> javascript:alert(1) https://example.com.')
    const bubble = place.querySelector('.message .text')
    expect(bubble?.textContent).toBe('<img src=x onerror=alert(1)> javascript:alert(1) https://example.com.')
    expect([...(bubble?.children ?? [])].map((child) => child.tagName)).toEqual(['A'])
    expect(bubble?.querySelector('a')?.getAttribute('href')).toBe('https://example.com')
  })

  it('offers Talk to Human exactly while the service says so', async () => {
    const offered = (): boolean => place.textContent.includes('Talk to Human')
    expect(offered()).toBe(false)
    await hear({ type: 'settings', availability: { open: true }, config: null, button: true })
    expect(offered()).toBe(true)
    await hear({ type: 'settings', availability: { open: false }, config: null, button: false })
    expect(offered()).toBe(false)
  })

  it('asks once, waits, and names the person who comes', async () => {
    await hear({ type: 'settings', availability: { open: true }, config: null, button: true })
    world.answer = () => ({ status: 'pending', reason: null, next_opening: null })
    await press('Talk to Human')
    await event('', { kind: 'state', state: 'requested', actor: { kind: 'system', id: null, name: null } })
    expect(place.querySelector('header')?.textContent).toContain('Waiting for a person…')
    await event('', {
      kind: 'state',
      state: 'claimed',
      actor: { kind: 'agent', id: 'a1', name: 'Priya Nair' },
    })
    expect(place.querySelector('header')?.textContent).toContain('Priya Nair')
    expect(world.asked.filter(({ url }) => url.endsWith('/handover')).length).toBe(1)
  })

  it('posts the key of a pressed button, not its title', async () => {
    await event('Which?', { buttons: [{ key: 'b:1:0', title: 'Kettle' }] })
    await press('Kettle')
    expect(world.socket.last).toEqual({ type: 'send', client_msg_id: 'm1', button: 'b:1:0' })
    expect(place.querySelector('.me')?.textContent).toContain('Kettle')
  })

  it('marks a refused message, with Retry and Remove', async () => {
    await act(async () => {
      model.chat.send('too much')
      await world.settle()
    })
    await hear({ type: 'error', client_msg_id: 'm1', code: 'invalid', message: 'No.' })
    expect(place.querySelector('.me')?.textContent).toContain('Not sent')
    await press('Remove')
    expect(place.querySelector('.me')).toBeNull()
  })

  it('says that the line is away after three seconds, and keeps saying what is kept', async () => {
    await event('Hello')
    await act(async () => {
      world.answer = () => {
        throw new Error('away')
      }
      world.socket.drop()
      await world.advance(3_100)
    })
    expect(place.textContent).toContain('Reconnecting… What you write is kept.')
  })

  it('closes on Escape, but not while a word is being composed', async () => {
    const escape = (isComposing: boolean): Promise<void> =>
      act(async () => {
        const key = new KeyboardEvent('keydown', { key: 'Escape', bubbles: true })
        vi.spyOn(key, 'isComposing', 'get').mockReturnValue(isComposing)
        place.querySelector('textarea')?.dispatchEvent(key)
        await world.settle()
      })
    await escape(true)
    expect(place.querySelector('[role=dialog]')).not.toBeNull()
    await escape(false)
    expect(place.querySelector('[role=dialog]')).toBeNull()
  })
})
