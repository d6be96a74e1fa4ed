import { expect, test } from 'vitest'
import { Refusal, Unreachable } from '../../../connection'
import { FakeWorld } from '../../../connection/fakes'
import { defaults, loaded } from '../samples'
import type { Document, Loaded } from '../wire'
import { get, put } from './document'
import { SettingsPage } from './page'

const THRESHOLD = 'live_chat.message_threshold'
const HANDOVER = 'messages.handover'

interface Sent {
  version: number
  document: Document
  answer: (now: Loaded) => Promise<void>
  refuse: (failure: Error) => Promise<void>
}

function setUp() {
  const world = new FakeWorld()
  const sent: Sent[] = []
  const told: Loaded[] = []
  const save = (version: number, document: Document): Promise<Loaded> =>
    new Promise((resolve, reject) => {
      const answer = (now: Loaded): Promise<void> => (resolve(now), world.settle())
      const refuse = (failure: Error): Promise<void> => (reject(failure), world.settle())
      sent.push({ version, document, answer, refuse })
    })
  const page = new SettingsPage(loaded(7), { api: { save }, clock: world, onSaved: (now) => told.push(now) })
  return { page, sent, world, told }
}

const stale = (document: Document, version = 8): Refusal =>
  new Refusal(409, 'stale_version', 'Somebody saved.', {
    version,
    document,
    at: '2026-11-23T10:00:00Z',
    author: { id: 'tom', name: 'Tom' },
    changes: [],
  })

test('Save sends the whole document with the version it is based on, and says when it is in force.', async () => {
  const { page, sent, world, told } = setUp()
  page.set(THRESHOLD, 5)
  void page.save()
  expect([page.step.value, sent[0]?.version, get(sent[0]!.document, THRESHOLD)]).toEqual(['saving', 7, 5])
  await sent[0]!.answer(loaded(8, put(defaults, THRESHOLD, 5)))
  expect([page.step.value, page.dirty, page.base.value.version]).toEqual(['saved', false, 8])
  expect(told.map(({ version }) => version)).toEqual([8])
  await world.advance(5_000)
  expect(page.step.value).toBe('editing')
})

test('Of two quick saves, the first does not take away the word that the second is in force.', async () => {
  const { page, sent, world } = setUp()
  for (const [number, threshold] of [5, 6].entries()) {
    page.set(THRESHOLD, threshold)
    void page.save()
    await sent[number]!.answer(loaded(8 + number, put(defaults, THRESHOLD, threshold)))
    await world.advance(4_000)
    expect(page.step.value).toBe('saved')
  }
  await world.advance(1_000)
  expect(page.step.value).toBe('editing')
})

test('Nothing is sent without a change, twice at once, or by somebody who may not.', () => {
  const { page, sent } = setUp()
  void page.save()
  page.set(THRESHOLD, 5)
  void page.save()
  void page.save()
  expect(sent).toHaveLength(1)
  const reader = new SettingsPage(loaded(7, defaults, { may_change: false }), {
    api: { save: () => Promise.reject(new Error('asked')) },
    clock: new FakeWorld(),
    onSaved: () => undefined,
  })
  reader.set(THRESHOLD, 5)
  void reader.save()
  expect(reader.step.value).toBe('editing')
})

test('What is typed while a Save is on its way is a new change.', async () => {
  const { page, sent } = setUp()
  page.set(THRESHOLD, 5)
  void page.save()
  page.set(HANDOVER, 'Wait.')
  await sent[0]!.answer(loaded(8, put(defaults, THRESHOLD, 5)))
  expect(page.changes.value.map(({ key }) => key)).toEqual([HANDOVER])
})

test('With something wrong on the page nothing is sent, and the field is asked for.', () => {
  const { page, sent } = setUp()
  page.set(THRESHOLD, 'many')
  void page.save()
  expect([sent.length, page.wrong.value]).toEqual([0, 1])
  expect(page.problems.value[THRESHOLD]).toContain('whole number')
})

test('What the service refuses stands at its field until that is changed.', async () => {
  const { page, sent } = setUp()
  page.set('business_hours.timezone', 'Mars/Olympus')
  void page.save()
  const fields = { 'business_hours.timezone': 'expected an IANA name' }
  await sent[0]!.refuse(new Refusal(422, 'invalid', 'No.', { fields }))
  expect(page.problems.value).toEqual({ 'business_hours.timezone': 'Expected an IANA name.' })
  expect([page.wrong.value, page.trouble.value]).toEqual([1, null])
  page.set(HANDOVER, 'Soon.')
  expect(Object.keys(page.problems.value)).toHaveLength(1)
  page.set('business_hours.timezone', 'Europe/Paris')
  expect(page.problems.value).toEqual({})
})

test('Without an answer everything stays as it was typed, and can be saved again.', async () => {
  const { page, sent } = setUp()
  page.set(THRESHOLD, 5)
  void page.save()
  await sent[0]!.refuse(new Unreachable())
  expect([page.step.value, page.dirty]).toEqual(['editing', true])
  expect(page.trouble.value).toContain('can’t be reached')
  void page.save()
  expect(sent).toHaveLength(2)
})

test('A stale Save shows was, theirs and mine, and loses neither.', async () => {
  const { page, sent } = setUp()
  page.set(HANDOVER, 'Mine.')
  page.set('live_chat.show_button', false)
  void page.save()
  const theirs = put(put(defaults, HANDOVER, 'Theirs.'), THRESHOLD, 1)
  await sent[0]!.refuse(stale(theirs))
  expect(page.differentKeys.value).toEqual([
    { key: THRESHOLD, was: 3, theirs: 1, mine: 3, chosen: 'theirs' },
    { key: HANDOVER, was: defaultText(), theirs: 'Theirs.', mine: 'Mine.', chosen: 'mine' },
    { key: 'live_chat.show_button', was: true, theirs: true, mine: false, chosen: 'mine' },
  ])
  expect(page.difference.value?.by.author?.name).toBe('Tom')
  void page.save()
  expect(sent[1]?.version).toBe(8)
  const saved = sent[1]!.document
  expect([get(saved, THRESHOLD), get(saved, HANDOVER)]).toEqual([1, 'Mine.'])
})

const defaultText = (): unknown => get(defaults, HANDOVER)

test('Key by key theirs can be taken, and what was typed comes back.', async () => {
  const { page, sent } = setUp()
  page.set(HANDOVER, 'Mine.')
  void page.save()
  await sent[0]!.refuse(stale(put(defaults, HANDOVER, 'Theirs.')))
  page.set(HANDOVER, 'Mine, better.')
  page.choose(HANDOVER, 'theirs')
  expect([get(page.document.value, HANDOVER), page.dirty]).toEqual(['Theirs.', false])
  expect(page.differentKeys.value[0]).toMatchObject({ mine: 'Mine, better.', chosen: 'theirs' })
  page.choose(HANDOVER, 'mine')
  expect([get(page.document.value, HANDOVER), page.dirty]).toEqual(['Mine, better.', true])
})

test('Taking all of theirs can be taken back.', async () => {
  const { page, sent } = setUp()
  page.set(HANDOVER, 'Mine.')
  void page.save()
  await sent[0]!.refuse(stale(put(defaults, THRESHOLD, 1)))
  page.takeTheirs()
  expect([page.dirty, page.difference.value, page.base.value.version]).toEqual([false, null, 8])
  page.giveBack()
  expect(page.changes.value.map(({ key }) => key)).toEqual([HANDOVER])
})

test('A newer version replaces a page without changes silently; with changes it is news.', () => {
  const { page } = setUp()
  page.arrived(loaded(8, put(defaults, THRESHOLD, 1)))
  expect([get(page.document.value, THRESHOLD), page.news.value]).toEqual([1, null])
  page.set(HANDOVER, 'Mine.')
  page.arrived(loaded(9, put(defaults, THRESHOLD, 0)))
  expect([get(page.document.value, THRESHOLD), page.news.value?.version]).toEqual([1, 9])
  page.compare()
  expect([get(page.document.value, THRESHOLD), page.news.value]).toEqual([0, null])
  expect(page.differentKeys.value.map(({ key }) => key)).toEqual([THRESHOLD, HANDOVER])
})

test('The news of one’s own Save is no news, also when it comes before the answer; older news never is.', async () => {
  const { page, sent } = setUp()
  page.set(THRESHOLD, 5)
  void page.save()
  const now = loaded(8, put(defaults, THRESHOLD, 5))
  page.arrived(now)
  await sent[0]!.answer(now)
  expect([page.news.value, page.dirty]).toEqual([null, false])
  page.arrived(loaded(7))
  expect(page.base.value.version).toBe(8)
})

test('A Save whose answer was lost is in force when its version comes, and nobody else saved.', async () => {
  const { page, sent } = setUp()
  page.set(THRESHOLD, 5)
  void page.save()
  await sent[0]!.refuse(new Unreachable())
  page.arrived(loaded(8, put(defaults, THRESHOLD, 5)))
  expect([page.news.value, page.dirty, page.trouble.value]).toEqual([null, false, null])
  expect(page.base.value.version).toBe(8)
})

test('A Save that is sent again after its answer was lost shows no difference with itself.', async () => {
  const { page, sent } = setUp()
  page.set(THRESHOLD, 5)
  void page.save()
  await sent[0]!.refuse(new Unreachable())
  void page.save()
  await sent[1]!.refuse(stale(put(defaults, THRESHOLD, 5)))
  expect([page.difference.value, page.dirty, page.base.value.version]).toEqual([null, false, 8])
  expect(page.step.value).toBe('saved')
})

test('News of an older version does not take the place of newer news.', () => {
  const { page } = setUp()
  page.set(HANDOVER, 'Mine.')
  page.arrived(loaded(9, put(defaults, THRESHOLD, 1)))
  page.arrived(loaded(8))
  expect(page.news.value?.version).toBe(9)
})

test('What was not saved comes back with its version; a newer one is news.', () => {
  const { page } = setUp()
  page.set(HANDOVER, 'Mine.')
  const draft = page.draft!
  const again = setUp().page
  again.restore(draft)
  expect([again.dirty, again.news.value, get(again.document.value, HANDOVER)]).toEqual([true, null, 'Mine.'])
  const later = setUp().page
  later.arrived(loaded(9, put(defaults, THRESHOLD, 1)))
  later.restore(draft)
  expect([later.news.value?.version, later.changes.value.map(({ key }) => key)]).toEqual([9, [HANDOVER]])
  later.compare()
  expect(later.differentKeys.value.map(({ key }) => key)).toEqual([THRESHOLD, HANDOVER])
})

test('Discard brings back what is in force, the newest, and can be taken back.', () => {
  const { page } = setUp()
  page.set(HANDOVER, 'Mine.')
  page.arrived(loaded(8, put(defaults, THRESHOLD, 1)))
  page.discard()
  expect([page.dirty, page.news.value, get(page.document.value, THRESHOLD)]).toEqual([false, null, 1])
  page.giveBack()
  expect(get(page.document.value, HANDOVER)).toBe('Mine.')
  expect(page.changes.value).toHaveLength(1)
})
