import { signal } from '@preact/signals'
import { expect, test } from 'vitest'
import { Refusal, Unreachable } from '../../../connection'
import { FakeWorld } from '../../../connection/fakes'
import type { Question } from '../api'
import { defaults } from '../samples'
import type { Document, Preview, Problems } from '../wire'
import { put } from './document'
import { Foresight } from './foresight'

const answer: Preview = {
  availability: { open: true, reason: 'open', next_opening: null, waiting: 0 },
  at: '2023-11-14T22:13:20Z',
  timezone: 'Europe/Berlin',
  offers: 'talk_to_human',
  title: 'Talk to Human',
  says: 'Soon.',
  days: [{ date: '2023-11-14', name: null, spans: [] }],
  next_special: { date: '2023-12-25', name: 'Christmas Day' },
}

function setUp(reply: (question: Question) => Promise<Preview> = () => Promise.resolve(answer)) {
  const world = new FakeWorld()
  const asked: Question[] = []
  const judged: Problems[] = []
  const document = signal<Document>(defaults)
  const preview = (question: Question): Promise<Preview> => (asked.push(question), reply(question))
  const judge = (_: Document, fields: Problems): void => void judged.push(fields)
  const foresight = new Foresight({ api: { preview }, clock: world, document, judge })
  return { world, asked, judged, document, foresight }
}

test('The page asks at once, and then when somebody has stopped typing.', async () => {
  const { world, asked, document, foresight } = setUp()
  await world.advance(0)
  expect([asked.length, foresight.answer.value?.says]).toEqual([1, 'Soon.'])
  for (const threshold of [1, 12, 123]) {
    document.value = put(defaults, 'live_chat.message_threshold', threshold)
    await world.advance(200)
  }
  expect(asked).toHaveLength(1)
  await world.advance(350)
  expect(
    asked.map((one) => (one.document['live_chat'] as { message_threshold: number }).message_threshold),
  ).toEqual([3, 123])
})

test('A clock of the team is asked about as a moment; now is left to the service.', async () => {
  const { world, asked, foresight } = setUp()
  await world.advance(0)
  foresight.wall.value = '2026-12-24T22:00'
  foresight.locale.value = 'de'
  await world.advance(350)
  expect(asked.map(({ at, locale }) => [at, locale])).toEqual([
    [null, null],
    ['2026-12-24T21:00:00.000Z', 'de'],
  ])
})

test('The customer may be in another zone; the moment that is asked about stays the team’s.', async () => {
  const { world, asked, foresight } = setUp()
  await world.advance(0)
  foresight.wall.value = '2026-12-24T02:00'
  foresight.timezone.value = 'America/New_York'
  await world.advance(350)
  expect(asked.map(({ at, timezone }) => [at, timezone])).toEqual([
    [null, null],
    ['2026-12-24T01:00:00.000Z', 'America/New_York'],
  ])
  expect(foresight.theirWall(world.now())).toBe('2026-12-23T20:00')
  foresight.again()
  await world.settle()
  expect(asked.at(-1)?.timezone).toBe('America/New_York')
  foresight.wall.value = null
  expect(foresight.theirWall(Date.parse('2026-07-01T12:00Z'))).toBe('2026-07-01T08:00')
  foresight.timezone.value = null
  expect(foresight.theirWall(world.now())).toBeNull()
})

test('A document that is plainly wrong is not asked about; the last answer is marked as old.', async () => {
  const { world, asked, document, foresight } = setUp()
  await world.advance(0)
  document.value = put(defaults, 'business_hours.start', '9')
  await world.advance(1_000)
  expect([asked.length, foresight.old.value]).toEqual([1, true])
  document.value = defaults
  await world.advance(350)
  expect([asked.length, foresight.old.value]).toEqual([2, false])
})

test('A year that is half typed is not asked about.', async () => {
  const { world, asked, foresight } = setUp()
  await world.advance(0)
  for (const year of ['0002', '0202', '1999', '12026', '2026']) {
    foresight.wall.value = `${year}-12-24T22:00`
    await world.advance(350)
    expect(foresight.old.value).toBe(year !== '2026')
  }
  expect(asked.map(({ at }) => at)).toEqual([null, '2026-12-24T21:00:00.000Z'])
})

test('What the service refuses is told by its keys, and taken back with the next answer.', async () => {
  const fields = { 'business_hours.weekly': 'expected at least one opening' }
  let refused = true
  const { world, judged, document, foresight } = setUp(() =>
    refused ? Promise.reject(new Refusal(422, 'invalid', 'No.', { fields })) : Promise.resolve(answer),
  )
  await world.advance(0)
  expect([judged, foresight.old.value, foresight.trouble.value]).toEqual([[fields], true, null])
  refused = false
  document.value = put(defaults, 'business_hours.end', '18:00')
  await world.advance(350)
  expect(judged).toEqual([fields, {}])
})

test('Without an answer the page says so, and can ask again.', async () => {
  let away = true
  const { world, foresight } = setUp(() =>
    away ? Promise.reject(new Unreachable()) : Promise.resolve(answer),
  )
  await world.advance(0)
  expect(foresight.trouble.value).toContain('can’t be reached')
  away = false
  foresight.again()
  await world.settle()
  expect([foresight.trouble.value, foresight.answer.value?.says]).toEqual([null, 'Soon.'])
})

test('An answer that was overtaken by a newer question is dropped.', async () => {
  const waiting: ((preview: Preview) => void)[] = []
  const { world, document, foresight } = setUp(() => new Promise((resolve) => waiting.push(resolve)))
  await world.advance(0)
  document.value = put(defaults, 'messages.handover', 'Newer.')
  await world.advance(350)
  waiting[1]?.({ ...answer, says: 'Newer.' })
  waiting[0]?.(answer)
  await world.settle()
  expect(foresight.answer.value?.says).toBe('Newer.')
})

test('The quick choices lie ahead: tonight, the next Sunday, the next holiday.', async () => {
  const { world, foresight } = setUp()
  await world.advance(0)
  expect(foresight.quickChoices.value).toEqual([
    { name: 'Now', wall: null },
    { name: 'Tonight 22:00', wall: '2023-11-14T22:00' },
    { name: 'Next Sunday', wall: '2023-11-19T12:00' },
    { name: 'Next holiday: Christmas Day', wall: '2023-12-25T12:00' },
  ])
})

test.each([
  [{ date: '2023-12-25', name: 'Stock-taking' }, ['Next special day: Stock-taking']],
  [{ date: '2023-12-25', name: null }, ['Next special day']],
  [null, []],
])('A date of the team’s own is no holiday: %j', async (special, named) => {
  const { world, document, foresight } = setUp(() => Promise.resolve({ ...answer, next_special: special }))
  document.value = put(defaults, 'business_hours.exceptions', [{ date: '2023-12-25', open: [], name: '' }])
  await world.advance(350)
  expect(foresight.quickChoices.value.slice(3).map(({ name }) => name)).toEqual(named)
})
