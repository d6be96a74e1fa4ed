import { signal } from '@preact/signals'
import { expect, test } from 'vitest'
import { SteadyList } from './steady'

function setUp() {
  const live = signal<readonly string[]>(['a', 'b'])
  const place = signal<string | null>('pending')
  return { live, place, list: new SteadyList(live, place) }
}

test('Without a pointer in it the list follows what comes.', () => {
  const { live, list } = setUp()
  live.value = ['c', 'a', 'b']
  expect(list.shown.value).toEqual({ keys: ['c', 'a', 'b'], behind: 0 })
})

test('Under the pointer new rows queue behind a number and rows that left keep their place.', () => {
  const { live, list } = setUp()
  list.pointerIn()
  live.value = ['c', 'b', 'd']
  expect(list.shown.value).toEqual({ keys: ['a', 'b'], behind: 2 })
})

test('Asked to, it shows the new ones and stands still again.', () => {
  const { live, list } = setUp()
  list.pointerIn()
  live.value = ['c', 'a', 'b']
  list.showNew()
  live.value = ['d', 'c', 'a', 'b']
  expect(list.shown.value).toEqual({ keys: ['c', 'a', 'b'], behind: 1 })
})

test('When the pointer leaves, everything falls into place.', () => {
  const { live, list } = setUp()
  list.pointerIn()
  live.value = ['c', 'a']
  list.pointerOut()
  expect(list.shown.value).toEqual({ keys: ['c', 'a'], behind: 0 })
})

test('Another list is not held at what the last one showed, nor before it was read.', () => {
  const { live, place, list } = setUp()
  list.pointerIn()
  place.value = null
  live.value = []
  expect(list.shown.value.keys).toEqual([])
  live.value = ['x', 'y']
  place.value = 'mine'
  expect(list.shown.value).toEqual({ keys: ['x', 'y'], behind: 0 })
})
