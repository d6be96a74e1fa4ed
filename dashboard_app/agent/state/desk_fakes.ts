import { signal } from '@preact/signals'
import { afterEach } from 'vitest'
import { memoryShelf } from '../../connection/browser'
import { FakeUploads, FakeWorld, never, type Asked } from '../../connection/fakes'
import { Api } from './api'
import { Desk } from './desk'
import { PreferenceStore } from './preferences'
import { Router } from './route'
import { at, conversation, me, mine, row, said } from './samples'
import type { Thread } from './thread'

/** A desk whose service is the test; it is stopped when the test ends. */
const agent = { ...me, email: 'sam@example.com', role: 'agent' as const }
export const ready = {
  type: 'ready',
  agent,
  server_time: at(0),
  lease_seconds: 45,
  availability: { open: true, reason: 'open' },
}
export const held = conversation('1', { holder: { kind: 'agent', ...me }, epoch: 2, handover: mine('1') })
export const counts = { pending: 1, claimed: 0, resolved: 0 }

let started: Desk | null = null
afterEach(() => started?.stop())

export class Answers {
  about = conversation('1')
  rows = [row('1')]
  time = at(0)
  acts: Record<string, (asked: Asked) => unknown> = {}

  answer = (asked: Asked, signal: AbortSignal): unknown => {
    const [path = '', query = ''] = asked.url.replace('/api/v1', '').split('?')
    const verb = path.split('/').at(-1) ?? ''
    if (asked.method === 'POST') return this.acts[verb]?.(asked) ?? { seq: 9, epoch: 9, last_seq: 9 }
    if (query.includes('wait=25')) return never(signal)
    if (path.endsWith('/events'))
      return { events: [1, 2, 3, 4, 5].map((seq) => said(seq)), last_seq: 5, reset: false }
    if (path.startsWith('/conversations/')) return this.about
    const items = query.includes('pending') ? this.rows : []
    return { items, counts, next: null, version: 'v1', server_time: this.time }
  }
}

export async function setUp(prepare: (answers: Answers) => void = () => undefined) {
  const world = new FakeWorld()
  const answers = new Answers()
  const uploads = new FakeUploads()
  prepare(answers)
  world.answer = answers.answer
  const address = {
    location: { pathname: '/live-chat/pending/c/c-1' },
    history: {
      pushState: (_: unknown, __: string, url: string) => void (address.location.pathname = url),
      replaceState: (_: unknown, __: string, url: string) => void (address.location.pathname = url),
    },
    addEventListener: () => undefined,
  }
  const desk = new Desk({
    ports: world,
    local: memoryShelf(),
    api: new Api(world),
    sendFile: uploads.send,
    router: new Router(address),
    preferences: new PreferenceStore(memoryShelf()),
    speaker: { play: () => undefined, blocked: () => false, unblock: () => Promise.resolve() },
    socketUrl: 'ws://desk.test/api/v1/socket',
    narrow: signal(false),
    agent,
    onEnded: () => undefined,
  })
  started = desk
  desk.start()
  await world.settle()
  return { world, desk, answers, address, uploads }
}

export async function connected(prepare?: (answers: Answers) => void) {
  const all = await setUp(prepare)
  all.world.socket.accept()
  all.world.socket.say(ready)
  await all.world.settle()
  return all
}

/** The conversation on screen. */
export function thread(desk: Desk): Thread {
  const open = desk.threads.current.peek()
  if (!open) throw new Error('no conversation is open')
  return open
}

export const posted = (world: FakeWorld, verb: string) =>
  world.asked.filter(({ method, url }) => method === 'POST' && url.endsWith(verb))
