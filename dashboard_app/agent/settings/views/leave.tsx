import { useLayoutEffect, useRef } from 'preact/hooks'
import type { StageProps } from './section'

/** Asked before unsaved changes would be left behind. */
export function LeaveDialog({ stage }: StageProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const open = stage.leaving.value !== null
  useLayoutEffect(() => {
    if (open) dialog.current?.showModal()
    else dialog.current?.close()
  }, [open])
  const stay = (): void => void (stage.leaving.value = null)
  return (
    <dialog class="sheet leave" ref={dialog} aria-labelledby="leave-title" onClose={stay}>
      <h2 id="leave-title">Your changes are not saved</h2>
      <p>Save them, or leave without them?</p>
      <div class="leave-buttons">
        <button type="button" class="button" onClick={stay}>
          Stay here
        </button>
        <button type="button" class="button" onClick={() => stage.leave()}>
          Leave without saving
        </button>
        <button type="button" class="button primary" onClick={() => void stage.saveAndLeave()}>
          Save and leave
        </button>
      </div>
    </dialog>
  )
}
