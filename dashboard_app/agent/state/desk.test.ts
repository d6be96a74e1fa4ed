import { signal } from '@preact/signals'
import { afterEach, expect, test } from 'vitest'
import { memoryShelf } from '../../connection/browser'
import { FakeUploads, FakeWorld, never, refusal, type Asked } from '../../connection/fakes'
import { Api } from './api'
import { resolve, take } from './commands'
import { Desk } from './desk'
import { PreferenceStore } from './preferences'
import { Router } from './route'
import { attach, post, redeliver } from './writing'
import { at, conversation, me, mine, priya, row, said } from './samples'

const agent = { ...me, email: 'sam@example.com', role: 'agent' as const }
const ready = {
  type: 'ready',
  agent,
  server_time: at(0),
  lease_seconds: 45,
  availability: { open: true, reason: 'open' },
}
const held = conversation('1', { holder: { kind: 'agent', ...me }, epoch: 2, handover: mine('1') })
const counts = { pending: 1, claimed: 0, resolved: 0 }

let started: Desk | null = null
afterEach(() => started?.stop())

class Answers {
  about = conversation('1')
  rows = [row('1')]
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
    return { items, counts, next: null, version: 'v1' }
  }
}

async function setUp(prepare: (answers: Answers) => void = () => undefined) {
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

async function connected(prepare?: (answers: Answers) => void) {
  const all = await setUp(prepare)
  all.world.socket.accept()
  all.world.socket.say(ready)
  await all.world.settle()
  return all
}

const thread = (desk: Desk) => desk.threads.current.peek()!
const posted = (world: FakeWorld, verb: string) =>
  world.asked.filter(({ method, url }) => method === 'POST' && url.endsWith(verb))

test('A new socket is told what is followed, from the last line held.', async () => {
  const { world } = await connected()
  expect(world.socket.sent[0]).toEqual({ type: 'hello' })
  expect(world.socket.sent).toContainEqual({ type: 'subscribe', conversation_id: 'c-1', after: 5 })
})

test('After a cut the next socket resumes where the last one stopped.', async () => {
  const { world, desk } = await connected()
  world.socket.say({ type: 'event', conversation_id: 'c-1', event: said(6) })
  world.socket.drop()
  await world.advance(1_000)
  world.socket.accept()
  world.socket.say(ready)
  await world.settle()
  expect(world.socket.sent).toContainEqual({ type: 'subscribe', conversation_id: 'c-1', after: 6 })
  expect(thread(desk).events.value.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6])
})

test('Taking over moves the conversation to mine and asks for the keyboard.', async () => {
  const { world, desk, address } = await connected((answers) => {
    answers.acts['claim'] = () => ({ epoch: 2, last_seq: 6 })
  })
  take(desk, thread(desk))
  expect(desk.holds(thread(desk))).toBe(false)
  await world.settle()
  expect(desk.holds(thread(desk))).toBe(true)
  expect(address.location.pathname).toBe('/live-chat/claimed/c/c-1')
  expect(desk.focus.wanted.value?.place).toBe('composer')
})

test('Every change of state carries the header that foreign pages cannot send.', async () => {
  const { world, desk } = await connected()
  take(desk, thread(desk))
  await world.settle()
  expect(posted(world, '/claim')[0]?.headers).toMatchObject({ 'X-LiveChat': '1' })
})

test('Losing leaves the conversation open, says so once and offers the next.', async () => {
  const body = { code: 'already_claimed', message: 'Priya took it.', data: { holder: priya, since: at(42) } }
  const { world, desk } = await connected((answers) => {
    answers.acts['claim'] = () => new Response(JSON.stringify(body), { status: 409 })
  })
  take(desk, thread(desk))
  await world.settle()
  expect(desk.claiming.of('c-1')).toMatchObject({ step: 'lost', winner: priya })
  expect(desk.notices.said.value).toContain('Priya Raman')
  expect([desk.focus.wanted.value?.place, thread(desk).id]).toEqual(['offer', 'c-1'])
})

test('A conversation on screen that somebody else takes shows the same banner.', async () => {
  const { world, desk } = await connected()
  const taken = mine('1', { claimed_by: priya, last_seq: 7, epoch: 2 })
  world.socket.say({ type: 'inbox', items: [taken], counts })
  expect(desk.claiming.of('c-1')).toMatchObject({ step: 'lost', winner: priya })
})

test('A reply goes over the socket with the epoch of the claim, and its event settles it.', async () => {
  const { world, desk } = await connected((answers) => (answers.about = held))
  desk.drafts.write('c-1', 'reply', '  Hello  ')
  post(desk, thread(desk))
  await world.settle()
  const frame = world.socket.last
  expect(frame).toMatchObject({ type: 'send', conversation_id: 'c-1', epoch: 2, text: 'Hello' })
  world.socket.say({ type: 'ack', client_msg_id: frame?.['client_msg_id'], seq: 6 })
  await world.settle()
  expect(desk.outgoing.of('c-1')).toHaveLength(1)
  const event = said(6, { actor: { kind: 'agent', ...me }, client_msg_id: String(frame?.['client_msg_id']) })
  world.socket.say({ type: 'event', conversation_id: 'c-1', event })
  expect(desk.outgoing.of('c-1')).toEqual([])
  expect(desk.drafts.of('c-1').reply).toBe('')
})

test('A reply under a lost claim goes back into the composer and is announced.', async () => {
  const { world, desk } = await connected((answers) => (answers.about = held))
  desk.drafts.write('c-1', 'reply', 'Hello')
  post(desk, thread(desk))
  await world.settle()
  const id = world.socket.last?.['client_msg_id']
  world.socket.say({ type: 'error', code: 'claim_lost', message: 'No longer yours.', client_msg_id: id })
  await world.settle()
  expect([desk.drafts.of('c-1').reply, desk.outgoing.of('c-1').length]).toEqual(['Hello', 0])
  expect(desk.notices.shown.value?.text).toBe('No longer yours.')
})

test('Where sockets are refused the lists and the open conversation are polled, and replies are posted.', async () => {
  const { world, desk } = await setUp((answers) => (answers.about = held))
  world.socket.drop()
  await world.advance(2_000)
  expect(desk.link.state).toBe('polling')
  const waiting = world.asked.map(({ url }) => url).filter((url) => url.includes('wait=25'))
  expect(waiting.some((url) => url.includes('/handovers?status=pending') && url.includes('since=v1'))).toBe(
    true,
  )
  expect(waiting.some((url) => url.includes('/conversations/c-1/events?after=5'))).toBe(true)
  desk.drafts.write('c-1', 'reply', 'Hello')
  post(desk, thread(desk))
  await world.settle()
  expect(posted(world, '/messages')[0]?.body).toMatchObject({ epoch: 2, text: 'Hello' })
})

test('Only what was on screen counts as seen when Resolve is asked for.', async () => {
  const { world, desk } = await connected((answers) => (answers.about = held))
  desk.reading.atEnd.value = false
  world.socket.say({ type: 'event', conversation_id: 'c-1', event: said(6) })
  await resolve(desk, thread(desk))
  expect(posted(world, '/resolve')[0]?.body).toEqual({ epoch: 2, seen: 5, force: false })
})

test('What is read is reported once the end of the log has been on a visible page.', async () => {
  const { world, desk } = await connected()
  desk.reading.visible.value = false
  world.socket.say({ type: 'event', conversation_id: 'c-1', event: said(6) })
  await world.advance(2_000)
  expect(world.socket.sent).not.toContainEqual({ type: 'read', conversation_id: 'c-1', upto: 6 })
  desk.reading.visible.value = true
  await world.advance(2_000)
  expect(world.socket.sent).toContainEqual({ type: 'read', conversation_id: 'c-1', upto: 6 })
})

test('Typing is told at most every three seconds, and only by who holds the conversation.', async () => {
  const { world, desk } = await connected((answers) => (answers.about = held))
  const told = () => world.socket.sent.filter(({ type }) => type === 'typing').length
  for (let letter = 0; letter < 20; letter++) desk.typed()
  await world.advance(3_100)
  desk.typed()
  expect(told()).toBe(2)
  thread(desk).takeStanding({ epoch: 9, holder: { kind: 'queue', id: null, name: null }, since: null })
  await world.advance(3_100)
  desk.typed()
  expect(told()).toBe(2)
})

test('A session that ended stops the desk.', async () => {
  let ended = false
  const { world, desk } = await connected()
  desk.parts.onEnded = () => (ended = true)
  world.socket.drop(4401)
  await world.settle()
  expect([ended, desk.link.state]).toEqual([true, 'ended'])
})

test('A list that the service refuses is marked, and the desk goes on.', async () => {
  const { desk } = await setUp((answers) => {
    const usual = answers.answer
    answers.answer = (asked, signal) =>
      asked.url.includes('/handovers') ? refusal(503, 'unavailable') : usual(asked, signal)
  })
  expect(desk.inbox.lists.value.pending.failed).toBe(true)
  expect(thread(desk).stage.value).toBe('ready')
})

const settings = {
  version: 1,
  document: { attachments: { enabled: true, max_megabytes: 1 } },
  availability: null,
}

async function holding() {
  const all = await connected((answers) => {
    answers.about = held
    const usual = answers.answer
    answers.answer = (asked, signal) => (asked.url.endsWith('/settings') ? settings : usual(asked, signal))
  })
  return all
}

test('A reply waits for its files, and what is written after it waits, too.', async () => {
  const { world, desk, uploads } = await holding()
  attach(desk, thread(desk), [new File(['x'], 'a.png', { type: 'image/png' })])
  post(desk, thread(desk))
  desk.drafts.write('c-1', 'reply', 'and a word')
  post(desk, thread(desk))
  await world.settle()
  const sent = () => world.socket.sent.filter(({ type }) => type === 'send')
  expect(sent()).toEqual([])
  uploads.last.answer({ id: 'f1', kind: 'image', name: 'a.png', mime: 'image/png', size: 1, url: '/f/f1' })
  await world.settle()
  expect(sent()).toMatchObject([{ epoch: 2, attachments: [{ id: 'f1' }] }])
  expect(sent()[0]).not.toHaveProperty('text')
  world.socket.say({ type: 'ack', client_msg_id: sent()[0]?.['client_msg_id'], seq: 6 })
  await world.settle()
  expect(sent()[1]).toMatchObject({ text: 'and a word', attachments: [] })
})

test('A closed window gives text and files back into the composer.', async () => {
  const { world, desk, uploads } = await holding()
  attach(desk, thread(desk), [new File(['x'], 'a.png', { type: 'image/png' })])
  uploads.last.answer({ id: 'f1', kind: 'image', name: 'a.png', mime: 'image/png', size: 1, url: '/f/f1' })
  await world.settle()
  desk.drafts.write('c-1', 'reply', 'Look')
  post(desk, thread(desk))
  await world.settle()
  const id = world.socket.last?.['client_msg_id']
  world.socket.say({
    type: 'error',
    code: 'window_closed',
    message: 'They have to write first.',
    client_msg_id: id,
  })
  await world.settle()
  expect(desk.drafts.of('c-1').reply).toBe('Look')
  expect(desk.files.drafted('c-1')).toHaveLength(1)
  expect(desk.notices.shown.value?.text).toBe('They have to write first.')
})

test('When the window is over nothing is sent; a line of the customer opens it by the row that comes with it.', async () => {
  const soon = new Date(1_700_000_005_000).toISOString()
  const { world, desk } = await connected((answers) => (answers.about = { ...held, window_until: soon }))
  world.socket.say({ ...ready, server_time: new Date(1_700_000_000_000).toISOString() })
  desk.drafts.write('c-1', 'reply', 'Hello')
  await world.advance(6_000)
  post(desk, thread(desk))
  expect(desk.drafts.of('c-1').reply).toBe('Hello')
  const later = new Date(1_700_090_000_000).toISOString()
  world.socket.say({ type: 'inbox', items: [mine('1', { last_seq: 9, window_until: later })], counts })
  post(desk, thread(desk))
  expect(desk.drafts.of('c-1').reply).toBe('')
})

test('A message of mine that fails elsewhere is told, with the way there; here it is seen anyway.', async () => {
  const { world, desk, address } = await connected((answers) => (answers.about = held))
  world.socket.say({ type: 'inbox', items: [mine('1'), mine('2')], counts })
  world.socket.say({ type: 'inbox', items: [mine('1', { failed: 1, last_seq: 9 })], counts })
  expect(desk.notices.shown.value).toBeNull()
  world.socket.say({ type: 'inbox', items: [mine('2', { failed: 1, last_seq: 9 })], counts })
  expect(desk.notices.shown.value?.text).toBe('A message to Customer 2 was not delivered.')
  desk.notices.shown.value?.way?.go()
  expect(address.location.pathname).toBe('/live-chat/claimed/c/c-2')
})

test('Sending again and giving up go under the claim of who holds the conversation.', async () => {
  const { world, desk } = await connected((answers) => (answers.about = held))
  redeliver(desk, thread(desk), 4, 'retry')
  redeliver(desk, thread(desk), 5, 'skip')
  await world.settle()
  expect(posted(world, '/messages/4/retry')[0]?.body).toEqual({ epoch: 2 })
  expect(posted(world, '/messages/5/skip')[0]?.body).toEqual({ epoch: 2 })
  thread(desk).takeStanding({ epoch: 9, holder: { kind: 'queue', id: null, name: null }, since: null })
  redeliver(desk, thread(desk), 4, 'retry')
  await world.settle()
  expect(posted(world, '/retry')).toHaveLength(1)
})
