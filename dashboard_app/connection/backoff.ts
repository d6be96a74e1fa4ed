const FIRST_MS = 500
const LONGEST_MS = 20_000

/**
 * Full jitter: anything between nothing and the ceiling, which doubles with each failure. Thousands of pages that lost
 * the same service then come back spread out.
 */
export function backoffMs(failures: number, random: () => number): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures, 10))
  return Math.round(ceiling * random())
}
