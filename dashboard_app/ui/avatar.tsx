const TINTS = 6

function tintOf(seed: string): number {
  let sum = 0
  for (const letter of seed) sum = (sum * 31 + letter.charCodeAt(0)) >>> 0
  return sum % TINTS
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/)
  const last = words.length > 1 ? words.at(-1) : undefined
  return [words[0], last]
    .map((word) => String.fromCodePoint(word?.codePointAt(0) ?? 32))
    .join('')
    .trim()
    .toUpperCase()
}

/** A person's initials; the colour only helps the eye, the name always stands beside it. */
export function Avatar({
  name,
  seed = name,
  small = false,
}: {
  name: string
  seed?: string
  small?: boolean
}) {
  return (
    <span class={`avatar tint-${tintOf(seed)}${small ? ' avatar-small' : ''}`} aria-hidden="true">
      {initials(name)}
    </span>
  )
}
