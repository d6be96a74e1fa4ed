import { expect, test } from 'vitest'
import { exactZone, findZones, meantZone } from './zones'

const zones = ['America/New_York', 'Asia/Yerevan', 'Europe/Berlin', 'Europe/York', 'UTC']

test('A zone is found by its city, its continent, and parts of both.', () => {
  expect(findZones(zones, 'new york', 9)).toEqual(['America/New_York'])
  expect(findZones(zones, 'europe', 9)).toEqual(['Europe/Berlin', 'Europe/York'])
  expect(findZones(zones, 'ber eur', 9)).toEqual(['Europe/Berlin'])
  expect(findZones(zones, '', 2)).toHaveLength(2)
  expect(findZones(zones, 'mars', 9)).toEqual([])
})

test('Those whose city begins as typed come first.', () => {
  expect(findZones(zones, 'yor', 9)).toEqual(['Europe/York', 'America/New_York'])
})

test('A full name is taken as it is, in any case.', () => {
  expect([exactZone(zones, ' europe/berlin '), exactZone(zones, 'Berlin')]).toEqual(['Europe/Berlin', null])
})

test('What is typed means a zone by all of its name, or when nothing else fits.', () => {
  const meant = (typed: string): string | null => meantZone(findZones(zones, typed, 9), typed)
  expect([meant('utc'), meant('new york'), meant('york'), meant('mars')]).toEqual([
    'UTC',
    'America/New_York',
    null,
    null,
  ])
})

test('Where no zone need be chosen, that is the first choice.', () => {
  const offered = (typed: string): string[] => findZones(zones, typed, 9, 'Same as the team’s')
  expect(offered('')).toEqual(['', ...zones])
  expect(offered('Team')).toEqual([''])
  expect(offered('europe')).toEqual(['Europe/Berlin', 'Europe/York'])
})
