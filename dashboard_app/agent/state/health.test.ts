import { expect, test } from 'vitest'
import { troublesOf } from './health'

const away = { ok: false, note: 'The mail server can’t be reached.' }

test('Mail in trouble is told to owners and admins, with the reason; agents are not held up by it.', () => {
  const told = troublesOf({ mail: away }, 'owner')
  expect(told).toEqual([expect.stringContaining('The mail server can’t be reached.')])
  expect(troublesOf({ mail: away }, 'admin')).toEqual(told)
  expect(troublesOf({ mail: away }, 'agent')).toEqual([])
})

test('What holds up everybody is told to everybody, and what is well to nobody.', () => {
  const parts = { redis: { ok: false, note: null }, mail: { ok: true, note: null } }
  expect(troublesOf(parts, 'agent')).toHaveLength(1)
  expect(troublesOf({ new_part: away }, 'agent')).toEqual([expect.stringContaining('new_part')])
})
