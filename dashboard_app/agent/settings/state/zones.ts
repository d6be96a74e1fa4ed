/**
 * The first of those that fit what was typed, "new york" as well as "America/New_York". `none` is what it is called
 * to choose no zone, where one may: an empty name.
 */
export function findZones(zones: readonly string[], typed: string, most: number, none?: string): string[] {
  const wanted = plain(typed).split(' ').filter(Boolean)
  const found = zones.filter((zone) => wanted.every((word) => plain(zone).includes(word)))
  const begins = (zone: string): number => (cityOf(plain(zone)).startsWith(wanted[0] ?? '') ? 0 : 1)
  const first = found.sort((one, other) => begins(one) - begins(other)).slice(0, most)
  return none !== undefined && plain(none).includes(plain(typed)) ? ['', ...first] : first
}

/** The zone that is meant when all of its name was typed. */
export function exactZone(zones: readonly string[], typed: string): string | null {
  const wanted = typed.trim().toLowerCase()
  return zones.find((zone) => zone.toLowerCase() === wanted) ?? null
}

/** Of those that fit: the one that is meant without choosing. */
export function meantZone(found: readonly string[], typed: string): string | null {
  return exactZone(found, typed) ?? (found.length === 1 ? (found[0] ?? null) : null)
}

export const zoneWords = (zone: string): string => zone.replaceAll('_', ' ').replaceAll('/', ' / ')

const plain = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[_/\s]+/g, ' ')
    .trim()
const cityOf = (zone: string): string => zone.slice(zone.indexOf(' ') + 1)
