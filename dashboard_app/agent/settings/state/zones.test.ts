import { expect, test } from 'vitest'
import { exactZone, findZones } from './zones'

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
