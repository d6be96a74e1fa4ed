import { Icon } from '../../../ui/icons'
import { zoneWords } from '../state/zones'
import type { Preview } from '../wire'
import { Question } from './question'
import type { StageProps } from './section'
import { Strip } from './strip'
import { WidgetPreview } from './widget_preview'

/** The time machine: the next days, and what a customer will see, of what stands on the page and may not be saved yet. */
export function ForesightView({ stage }: StageProps) {
  const { foresight, page } = stage
  const answer = foresight.answer.value
  return (
    <section
      class="part foresight"
      id="time-machine"
      aria-labelledby="time-machine-title"
      aria-busy={!answer}
    >
      <h2 id="time-machine-title" tabIndex={-1}>
        Time machine
      </h2>
      <p class="part-about">
        {page.dirty ? 'With your changes, before you save them.' : 'With the settings in force.'}{' '}
        {answer && `Times in ${zoneWords(answer.timezone)}.`}
      </p>
      <State stage={stage} />
      {answer && (
        <div class={foresight.old.value ? 'old' : closedForGood(answer) ? 'off' : ''}>
          <Strip stage={stage} days={answer.days} />
          <Question stage={stage} />
          <WidgetPreview stage={stage} answer={answer} />
        </div>
      )}
    </section>
  )
}

/** The hours are shown all the same: they count again when live chat is switched on. */
const closedForGood = ({ availability: { reason } }: Preview): boolean =>
  reason === 'plan' || reason === 'off'

function State({ stage: { foresight } }: StageProps) {
  const trouble = foresight.trouble.value
  return (
    <div role="status" class="foresight-state">
      {trouble ? (
        <p class="note-line">
          <Icon name="alert" size={16} /> {trouble}
          <button type="button" class="link" onClick={() => foresight.again()}>
            Try again
          </button>
        </p>
      ) : (
        foresight.old.value && (
          <p class="note-line">
            <Icon name="alert" size={16} /> Something on the page is not right yet. This is how it was before.
          </p>
        )
      )}
    </div>
  )
}
