import { Icon } from '../../ui/icons'
import type { Desk } from '../state/desk'
import type { Way } from '../state/notices'

/** At the top, where they don't cover the composer. */
export function Toasts({ desk }: { desk: Desk }) {
  const undo = desk.resolving.undo.value
  const notice = desk.notices.shown.value
  return (
    <div class="toasts">
      {undo && (
        <div class="toast" key={undo.conversation}>
          <Icon name="check" size={18} />
          <span>
            Resolved <strong>{undo.name}</strong>
          </span>
          <button type="button" class="button small-button" onClick={() => void desk.resolving.takeBack()}>
            <Icon name="undo" size={16} /> Undo
          </button>
          <span class="toast-time" aria-hidden="true" />
        </div>
      )}
      {notice && (
        <div class="toast" role="status">
          <span>{notice.text}</span>
          {notice.way && <WayButton desk={desk} way={notice.way} />}
          <button type="button" class="icon-button small-icon" onClick={() => desk.notices.dismiss()}>
            <Icon name="close" size={16} />
            <span class="quiet">Dismiss</span>
          </button>
        </div>
      )}
    </div>
  )
}

function WayButton({ desk, way }: { desk: Desk; way: Way }) {
  const follow = (): void => {
    desk.notices.dismiss()
    way.go()
  }
  return (
    <button type="button" class="button small-button" onClick={follow}>
      {way.name}
    </button>
  )
}
