import { useSignal } from '@preact/signals'
import { Icon } from '../../ui/icons'
import type { Desk } from '../state/desk'
import type { Thread } from '../state/thread'
import { attach, canAttach } from '../state/writing'

interface DropHandlers {
  onDragOver: (event: DragEvent) => void
  onDragLeave: (event: DragEvent) => void
  onDrop: (event: DragEvent) => void
}

/** Files dropped anywhere on the conversation go with the reply. */
export function useDrop(desk: Desk, thread: Thread | null): { over: boolean; handlers: DropHandlers } {
  const over = useSignal(false)
  const takes = (event: DragEvent): boolean =>
    thread !== null && canAttach(desk, thread) && (event.dataTransfer?.types.includes('Files') ?? false)
  const handlers: DropHandlers = {
    onDragOver: (event) => {
      if (!takes(event)) return
      event.preventDefault()
      over.value = true
    },
    onDragLeave: (event) => {
      const to = event.relatedTarget
      const inside =
        to instanceof Node && event.currentTarget instanceof Node && event.currentTarget.contains(to)
      if (!inside) over.value = false
    },
    onDrop: (event) => {
      over.value = false
      if (!thread || !takes(event)) return
      event.preventDefault()
      attach(desk, thread, [...(event.dataTransfer?.files ?? [])])
    },
  }
  return { over: over.value, handlers }
}

export function DropPlace() {
  return (
    <div class="drop-place" aria-hidden="true">
      <span>
        <Icon name="attach" size={24} /> Drop to attach
      </span>
    </div>
  )
}
