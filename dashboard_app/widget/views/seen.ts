import { useEffect, useRef } from 'preact/hooks'
import type { Model } from './model'

const COALESCE_MS = 1_000

/** Tells the service how far the log has come and how far it was on screen, at most once a second. */
export function useSeen(model: Model, atEnd: boolean): void {
  const told = useRef('')
  const { chat } = model
  const { reading } = chat
  const last = chat.events.value.at(-1)?.seq ?? 0
  useEffect(() => {
    const look = (): void => {
      if (atEnd && document.visibilityState === 'visible') reading.read(last)
    }
    const tell = (): void => {
      look()
      const now = `${last} ${reading.upto.value}`
      if (last === 0 || now === told.current) return
      told.current = now
      chat.seen(last, reading.upto.value)
    }
    look()
    const cancel = chat.ports.after(COALESCE_MS, tell)
    document.addEventListener('visibilitychange', tell)
    return () => {
      cancel()
      document.removeEventListener('visibilitychange', tell)
    }
  }, [last, atEnd])
}
