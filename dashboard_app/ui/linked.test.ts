import { expect, test } from 'vitest'
import { pieces } from './linked'

const links = (text: string): (string | null)[] =>
  pieces(text).flatMap(({ href }) => (href === null ? [] : [href]))

test('Addresses of web pages and mail become links, the sentence around them stays text.', () => {
  expect(pieces('See https://shop.example/a?b=1. Or mailto:help@shop.example!')).toEqual([
    { text: 'See ', href: null },
    { text: 'https://shop.example/a?b=1', href: 'https://shop.example/a?b=1' },
    { text: '. Or ', href: null },
    { text: 'mailto:help@shop.example', href: 'mailto:help@shop.example' },
    { text: '!', href: null },
  ])
})

test('No other scheme becomes a link.', () => {
  expect(links('javascript:alert(1) data:text/html,x file:///etc/passwd vbscript:x')).toEqual([])
})

test('Marks of the page stay characters.', () => {
  expect(pieces('<img src=x onerror=alert(1)>')).toEqual([
    { text: '<img src=x onerror=alert(1)>', href: null },
  ])
})
