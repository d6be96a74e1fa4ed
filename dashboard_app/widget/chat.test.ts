import { beforeEach, describe, expect, it } from 'vitest'
import { FakeWorld, never, refusal, type Asked } from '../connection/fakes'
import { memoryShelf } from '../connection/browser'
import type { Shelf } from '../connection'
import { Chat } from './chat'
import { SESSION } from './keys'

const STATE = { config: { show_button: true }, availability: { open: true }, button: false }

let world: FakeWorld
let shelf: Shelf
let sessions: number
let chat: Chat

function service({ url, method }: Asked): unknown {
  if (url.endsWith('/sessions'))
    return { ...STATE, token: `t${++sessions}`, conversation_id: `c${sessions}`, last_seq: 1 }
  if (method === 'POST') return { seq: 9 }
  if (url.endsWith('/state')) return { ...STATE, button: true }
  return { events: [], last_seq: 0, reset: false }
}

function open(): Chat {
  return new Chat({ ports: world, base: 'http://shop/widget/v1', shelf, page: 'http://shop/', locale: 'en' })
}

async function goLive(): Promise<void> {
  await world.advance(10)
  world.socket.accept()
  world.socket.say({ type: 'ready', ...STATE, conversation_id: 'c1', last_seq: 1, server_time: '' })
  await world.settle()
}

function event(seq: number, more: object = {}): { type: string } {
  const actor = { kind: 'bot', id: null, name: null }
  const said = {
    seq,
    prev: seq - 1,
    kind: 'message',
    actor,
    text: `line ${seq}`,
    at: '',
    buttons: [],
    ...more,
  }
  return { type: 'event', conversation_id: 'c1', event: said } as { type: string }
}

beforeEach(() => {
  world = new FakeWorld()
  shelf = memoryShelf()
  sessions = 0
  world.answer = service
  chat = open()
})

describe('a chat', () => {
  it('makes a session on the first visit and says hello with its token', async () => {
    chat.start()
    await goLive()
    expect(world.socket.sent[0]).toMatchObject({ type: 'hello', token: 't1', after: 0, page: 'http://shop/' })
    expect(shelf.getItem(SESSION)).toContain('t1')
  })

  it('comes back with the same session', async () => {
    shelf.setItem(SESSION, JSON.stringify({ token: 'kept', conversation_id: 'c1' }))
    chat = open()
    chat.start()
    await goLive()
    expect(world.socket.sent[0]).toMatchObject({ token: 'kept' })
    expect(sessions).toBe(0)
  })

  it('keeps trying for a session while the service is away, and sends then what was written', async () => {
    world.answer = () => {
      throw new Error('away')
    }
    chat.start()
    chat.send('hello?')
    await world.advance(5_000)
    world.answer = service
    while (world.sockets.length === 0) await world.advance(100)
    await goLive()
    expect(world.socket.last).toMatchObject({ type: 'send', client_msg_id: 'm1', text: 'hello?' })
  })

  it('replaces a session that ended, and takes along what was not sent but no pressed button', async () => {
    chat.start()
    await goLive()
    chat.press({ key: 'b:1:0', title: 'Kettle', url: null })
    chat.send('still unsent')
    await world.settle()
    world.socket.drop(4401)
    await goLive()
    expect(world.socket.sent[0]).toMatchObject({ token: 't2', after: 0 })
    expect(chat.unsent.value.map(({ body }) => body.text)).toEqual(['still unsent'])
  })

  it('takes the session that another tab has made meanwhile', async () => {
    chat.start()
    await goLive()
    shelf.setItem(SESSION, JSON.stringify({ token: 'other', conversation_id: 'c7' }))
    world.socket.drop(4401)
    await goLive()
    expect(world.socket.sent[0]).toMatchObject({ token: 'other' })
  })

  it('does not storm a service that ends every session at once', async () => {
    chat.start()
    for (let round = 0; round < 200; round++) {
      await world.advance(100)
      if (!world.socket.closed) world.socket.drop(4401)
    }
    expect(sessions).toBeLessThan(12)
  })

  it('shows a message as its own until the event with its id has come, in either order with the ack', async () => {
    chat.start()
    await goLive()
    world.socket.say(event(1))
    chat.send('hi')
    await world.settle()
    world.socket.say(event(2, { client_msg_id: 'm1', actor: { kind: 'customer', id: null, name: null } }))
    expect(chat.unsent.value).toEqual([])
    world.socket.say({ type: 'ack', client_msg_id: 'm1', seq: 2 })
    await world.settle()
    expect([chat.events.value.length, chat.unsent.value]).toEqual([2, []])
  })

  it('polls and posts where upgrades are refused, and asks for the state with each round', async () => {
    chat.start()
    await world.advance(10)
    world.socket.drop()
    await world.settle()
    expect(chat.around.value?.button).toBe(true)
    chat.send('over http')
    await world.settle()
    const posted = world.asked.find(({ url }) => url.endsWith('/messages'))
    expect(posted).toMatchObject({
      body: { client_msg_id: 'm1', text: 'over http' },
      headers: { Authorization: 'Bearer t1' },
    })
  })

  it('learns within five seconds what is offered now where upgrades are refused', async () => {
    chat.start()
    await world.advance(10)
    world.socket.drop()
    await world.settle()
    world.answer = (asked, signal) => {
      if (asked.url.endsWith('/state')) return { ...(service(asked) as object), button: false }
      return asked.url.includes('/events') ? never(signal) : service(asked)
    }
    await world.advance(5_000)
    expect(chat.around.value?.button).toBe(false)
  })

  it('keeps a message whose POST finds the session gone, and sends it in the next one', async () => {
    chat.start()
    await world.advance(10)
    world.socket.drop()
    await world.settle()
    world.answer = (asked) =>
      asked.url.endsWith('/sessions') ? service(asked) : refusal(401, 'not_signed_in')
    chat.send('do not lose me')
    await world.advance(300)
    world.answer = service
    await goLive()
    expect(world.socket.sent.map((frame) => frame['text'])).toContain('do not lose me')
  })

  it('says that the visitor types at most once in three seconds', async () => {
    chat.start()
    await goLive()
    const typed = (): number => world.socket.sent.filter(({ type }) => type === 'typing').length
    for (let letter = 0; letter < 20; letter++) {
      chat.writing()
      await world.advance(100)
    }
    expect(typed()).toBe(1)
    await world.advance(2_000)
    chat.writing()
    expect(typed()).toBe(2)
  })

  it('shows typing for as long as the service said, or until the message', async () => {
    chat.start()
    await goLive()
    const typing = { type: 'typing', actor: { kind: 'bot', id: null, name: null }, for_ms: 5_000 } as never
    world.socket.say(typing)
    expect(chat.typing.who.value?.kind).toBe('bot')
    await world.advance(5_001)
    expect(chat.typing.who.value).toBeNull()
    world.socket.say(typing)
    world.socket.say(event(1))
    expect(chat.typing.who.value).toBeNull()
  })

  it('takes changed settings over without losing the others', async () => {
    chat.start()
    await goLive()
    const change = {
      type: 'settings',
      availability: { open: true },
      version: null,
      config: null,
      button: true,
    }
    world.socket.say(change)
    expect(chat.around.value).toMatchObject({ button: true, config: { show_button: true } })
  })

  it('sends files by their ids, with words or without, and shows them until their event has come', async () => {
    chat.start()
    await goLive()
    const file = { id: 'f1', kind: 'image', url: '/f', name: 'a.png', mime: 'image/png', size: 3 } as const
    chat.send('', [file])
    chat.send('words alone', [])
    await world.settle()
    const sent = world.socket.last
    expect(JSON.parse(JSON.stringify(sent))).toEqual({
      type: 'send',
      client_msg_id: 'm1',
      attachments: [{ id: 'f1' }],
    })
    expect(chat.unsent.value.map(({ body }) => body)).toEqual([
      { text: '', files: [file] },
      { text: 'words alone' },
    ])
  })
})
