import { expect, test } from 'vitest'
import { commandOf, isG, shortcuts, type Press } from './keys'

const on = { letters: true }

function press(key: string, more: Partial<Press> = {}): Press {
  const none = { shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, isComposing: false }
  return { key, ...none, typing: false, pressable: false, afterG: false, ...more }
}

test('Every shortcut of the sheet does what it says.', () => {
  for (const { keys, command } of shortcuts) {
    const shiftKey = keys.startsWith('Shift+')
    const afterG = keys.startsWith('G ')
    const key = { Esc: 'Escape' }[keys] ?? keys.replace(/Shift\+|G /, '')
    const pressed = shiftKey ? key : key.length === 1 ? key.toLowerCase() : key
    expect(commandOf(press(pressed, { shiftKey, afterG }), on)).toBe(command)
  }
})

test('While somebody writes, or an input method composes, letters are letters.', () => {
  expect(commandOf(press('e', { typing: true }), on)).toBeNull()
  expect(commandOf(press('e', { isComposing: true }), on)).toBeNull()
  expect(commandOf(press('Escape', { typing: true }), on)).toBe('back')
})

test('G waits for the letter of a page, and only where letters are shortcuts.', () => {
  expect([isG(press('g'), on), commandOf(press('g'), on)]).toEqual([true, null])
  expect(isG(press('g', { typing: true }), on)).toBe(false)
  expect(isG(press('g', { ctrlKey: true }), on)).toBe(false)
  expect(isG(press('g'), { letters: false })).toBe(false)
  expect(commandOf(press('s'), on)).toBeNull()
  expect(commandOf(press('e', { afterG: true }), on)).toBeNull()
})

test('The browser keeps its own combinations.', () => {
  expect(commandOf(press('r', { ctrlKey: true }), on)).toBeNull()
  expect(commandOf(press('r', { metaKey: true }), on)).toBeNull()
})

test('With letters turned off only the named keys are left.', () => {
  expect(commandOf(press('e'), { letters: false })).toBeNull()
  expect(commandOf(press('?'), { letters: false })).toBeNull()
  expect(commandOf(press('Enter'), { letters: false })).toBe('open')
})

test('Enter on a button presses the button.', () => {
  expect(commandOf(press('Enter', { pressable: true }), on)).toBeNull()
})
