import { expect, test } from 'vitest'
import { never, refusal } from '../../connection/fakes'
import { resolve, resolveAndNext, take } from './commands'
import { connected, counts, held, posted, ready, setUp, thread } from './desk_fakes'
import { loaded } from '../settings/samples'
import { at, me, mine, priya, row, said } from './samples'
import type { SettingsDocument } from './wire'
import { post } from './writing'

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

test('Resolve and next finds who waits although the list was not here yet.', async () => {
  let slow = true
  const { world, desk, answers, address } = await connected((prepared) => {
    const { answer } = prepared
    prepared.answer = (asked, signal) =>
      slow && asked.url.includes('status=pending') ? never(signal) : answer(asked, signal)
    prepared.about = held
    prepared.acts['resolve'] = () => ({ epoch: 3 })
  })
  answers.rows = [row('2')]
  slow = false
  await resolveAndNext(desk, thread(desk))
  await world.settle()
  expect(address.location.pathname).toBe('/live-chat/pending/c/c-2')
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

test('Where sockets are refused the page learns within five seconds what the settings are now.', async () => {
  const { world, desk, answers } = await setUp()
  let now = loaded(7)
  world.answer = (asked, signal) => (asked.url.endsWith('/settings') ? now : answers.answer(asked, signal))
  world.socket.drop()
  await world.advance(2_000)
  expect([desk.link.state, desk.settings.value?.version]).toEqual(['polling', 7])
  now = loaded(8, undefined, { availability: { open: false, reason: 'off', next_opening: null, waiting: 0 } })
  await world.advance(5_000)
  expect([desk.settings.value?.version, desk.availability.value?.open]).toEqual([8, false])
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

test('Of two readings of the settings the one that was asked for last counts, whichever comes first.', async () => {
  const { world, desk, slow } = await readingSlowly()
  world.socket.say(inForce(8))
  world.socket.say(inForce(9))
  await slow[1]!(loaded(9))
  await slow[0]!(loaded(8))
  expect(desk.settings.value?.version).toBe(9)
})

test('Also of one version the later reading counts: it may have closed in between.', async () => {
  const { world, desk, slow } = await readingSlowly()
  const closed = { open: false, reason: 'hours' as const, next_opening: null, waiting: 0 }
  world.socket.say(inForce(8))
  world.socket.say({ ...inForce(8), availability: closed })
  await slow[1]!(loaded(8, undefined, { availability: closed }))
  await slow[0]!(loaded(8))
  expect(desk.availability.value?.open).toBe(false)
})

test('The answer to a Save does not take the place of a newer version.', async () => {
  const { world, desk, slow } = await readingSlowly()
  world.socket.say(inForce(9))
  await slow[0]!(loaded(9))
  desk.takeSettings(loaded(8) as SettingsDocument)
  expect(desk.settings.value?.version).toBe(9)
})

const inForce = (version: number) => ({ type: 'settings', availability: ready.availability, version })

/** Each reading of the settings is answered by the test. */
async function readingSlowly() {
  const slow: ((read: unknown) => Promise<void>)[] = []
  const all = await connected()
  const { world, answers } = all
  world.answer = (asked, signal) =>
    asked.url.endsWith('/settings')
      ? new Promise((resolve) => slow.push((read) => (resolve(read), world.settle())))
      : answers.answer(asked, signal)
  return { ...all, slow }
}
