import { Icon } from '../../../ui/icons'
import { shapeOf } from '../state/shape'
import type { Preview } from '../wire'
import type { StageProps } from './section'

const reasons: Record<Preview['availability']['reason'], string> = {
  open: 'Live chat is open then.',
  plan: 'Live chat is off then: the Free plan does not have it.',
  off: 'Live chat is switched off then.',
  hours: 'Live chat is closed then.',
  nobody: 'Nobody is signed in then.',
}

/** The widget in small: what is offered at the threshold, and what is said to somebody who asks. */
export function WidgetPreview({ stage, answer }: StageProps & { answer: Preview }) {
  const { message_threshold: threshold } = shapeOf(stage.page.document.value).live_chat
  const { offers, title, says, availability } = answer
  return (
    <figure class="preview" aria-label="What a customer will see">
      <figcaption>
        <Icon name={availability.open ? 'check' : 'moon'} size={16} /> {reasons[availability.reason]}
      </figcaption>
      <div class="preview-panel">
        <p class="preview-line them">Can I help you with anything else?</p>
        <p class="preview-line me">I would like to talk to a person.</p>
        {says === null ? (
          <p class="preview-nothing">The bot answers; nobody else does.</p>
        ) : (
          <p class="preview-line system" dir="auto">
            {says}
          </p>
        )}
        <p class="preview-offer">
          {offers === 'nothing' || title === null ? (
            <span class="preview-nothing">No button</span>
          ) : (
            <span class={`preview-button ${offers}`} dir="auto">
              <Icon name={offers === 'talk_to_human' ? 'user' : 'form'} size={16} /> {title}
            </span>
          )}
        </p>
      </div>
      {offers !== 'nothing' && (
        <p class="help">
          {Number(threshold) > 0
            ? `The button is there after ${threshold} ${Number(threshold) === 1 ? 'message' : 'messages'}.`
            : 'The button is there at once.'}
        </p>
      )}
    </figure>
  )
}
