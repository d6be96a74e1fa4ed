import { Icon } from '../../../ui/icons'
import { shapeOf } from '../state/shape'
import { languageName } from '../state/words'
import { wallOf } from '../state/zone'
import { zoneWords } from '../state/zones'
import type { Preview } from '../wire'
import { WidgetPreview } from './widget_preview'
import type { StageProps } from './section'
import { Strip } from './strip'

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

function Question({ stage }: StageProps) {
  const { foresight, page, desk } = stage
  const { messages } = shapeOf(page.document.value)
  const now = wallOf(foresight.zone, desk.ticker.now.value)
  const wall = foresight.wall.value
  const languages = [messages.language, ...Object.keys(messages.translations)]
  return (
    <fieldset class="question">
      <legend>What will a customer see at …?</legend>
      <div class="quick" role="group" aria-label="Quick choices">
        {foresight.quickChoices.value.map((choice) => (
          <button
            key={choice.name}
            type="button"
            class="chip-button"
            aria-pressed={choice.wall === wall}
            onClick={() => (foresight.wall.value = choice.wall)}
          >
            {choice.name}
          </button>
        ))}
      </div>
      <div class="question-fields">
        <span class="field">
          <label class="field-label" for="foresight-at">
            Date and time
          </label>
          <input
            class="input"
            id="foresight-at"
            type="datetime-local"
            value={wall ?? now}
            onInput={(event) => (foresight.wall.value = event.currentTarget.value || null)}
          />
        </span>
        {languages.length > 1 && (
          <span class="field">
            <label class="field-label" for="foresight-locale">
              Their language
            </label>
            <select
              class="input"
              id="foresight-locale"
              value={foresight.locale.value ?? messages.language}
              onChange={(event) => (foresight.locale.value = event.currentTarget.value)}
            >
              {languages.map((code) => (
                <option key={code} value={code}>
                  {languageName(code)}
                </option>
              ))}
            </select>
          </span>
        )}
      </div>
    </fieldset>
  )
}
