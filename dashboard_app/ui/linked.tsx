import type { ComponentChildren } from 'preact'

const address = /\b(?:https?:\/\/|mailto:)[^\s<>"'`]+/gi
/** Marks that end a sentence rather than an address. */
const trailing = /[.,;:!?)\]}]+$/

export interface Piece {
  text: string
  href: string | null
}

/** Splits a text into words and addresses; nothing but http, https and mailto becomes a link. */
export function pieces(text: string): Piece[] {
  const found: Piece[] = []
  let end = 0
  for (const match of text.matchAll(address)) {
    const href = match[0].replace(trailing, '')
    if (match.index > end) found.push({ text: text.slice(end, match.index), href: null })
    found.push({ text: href, href })
    end = match.index + href.length
  }
  if (end < text.length) found.push({ text: text.slice(end), href: null })
  return found
}

/** A text that somebody wrote: its characters as they are, its addresses as links. */
export function Linked({ text }: { text: string }): ComponentChildren {
  return pieces(text).map(({ text: words, href }) =>
    href === null ? (
      words
    ) : (
      <a href={href} target="_blank" rel="noopener noreferrer nofollow">
        {words}
      </a>
    ),
  )
}
