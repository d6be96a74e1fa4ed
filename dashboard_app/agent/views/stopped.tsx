import { useEffect, useRef } from 'preact/hooks'
import { resolve } from '../state/commands'
import type { Desk } from '../state/desk'
import type { Thread } from '../state/thread'

/** A line that came before Resolve and that nobody had seen: it is shown, and the agent decides. */
export function Stopped({ desk, thread }: { desk: Desk; thread: Thread }) {
  const goOn = useRef<HTMLButtonElement>(null)
  const here = desk.resolving.stopped.value?.conversation === thread.id
  useEffect(() => {
    if (here) goOn.current?.focus()
  }, [here])
  if (!here) return null
  const name = thread.about.value?.customer.name?.split(' ')[0] ?? 'The customer'
  return (
    <div class="stopped" role="alert">
      <span>
        <strong>Not resolved: {name} wrote something you had not seen.</strong> It is shown above.
      </span>
      <button type="button" class="button" ref={goOn} onClick={() => desk.resolving.goOn()}>
        Keep open
      </button>
      <button type="button" class="button" onClick={() => void resolve(desk, thread, true)}>
        Resolve anyway
      </button>
    </div>
  )
}
