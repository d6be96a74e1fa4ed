import type { Cancel, Ports } from './ports'

/** Where no socket tells of new settings they are asked for so often, so that they are in force within five seconds. */
export const SETTINGS_MS = 4_000

/** Again and again, each time after so many milliseconds, until it is cancelled. */
export function every(ports: Pick<Ports, 'after'>, ms: number, work: () => void): Cancel {
  let cancel: Cancel = () => undefined
  const next = (): void => {
    cancel = ports.after(ms, () => {
      work()
      next()
    })
  }
  next()
  return () => cancel()
}
