import { afterEach, expect, test } from 'vitest'
import { connected } from '../state/desk_fakes'
import type { SettingsDocument } from '../state/wire'
import { loaded } from './samples'
import { Stage } from './stage'

let stage: Stage | null = null
afterEach(() => stage?.close())

test('The list of versions that somebody looks at goes on with each new one, whoever saved.', async () => {
  const { world, desk, answers } = await connected()
  let newest = 7
  world.answer = (asked, signal) =>
    asked.url.includes('/settings/versions')
      ? { items: [{ version: newest, at: '2026-11-23T09:42:00Z', author: null, changes: [] }], next: null }
      : answers.answer(asked, signal)
  desk.takeSettings(loaded(7) as SettingsDocument)
  stage = new Stage(desk, loaded(7))
  await stage.history.load()
  newest = 8
  desk.takeSettings(loaded(8) as SettingsDocument)
  await world.settle()
  expect(stage.history.items.value?.map(({ version }) => version)).toEqual([8])
})
