import { shapeOf } from '../state/shape'
import { languageName, shortDate } from '../state/words'
import { wallOf } from '../state/zone'
import { zoneWords } from '../state/zones'
import type { StageProps } from './section'
import { ZoneBox } from './zone_box'

const ZONE = 'foresight-timezone'

/** What the time machine is asked: when, by the team's clock, and what is known of the customer. */
export function Question({ stage }: StageProps) {
  return (
    <fieldset class="question">
      <legend>What will a customer see at …?</legend>
      <QuickChoices stage={stage} />
      <div class="question-fields">
        <Moment stage={stage} />
        <CustomersZone stage={stage} />
        <CustomersLanguage stage={stage} />
      </div>
    </fieldset>
  )
}

function QuickChoices({ stage: { foresight } }: StageProps) {
  return (
    <div class="quick" role="group" aria-label="Quick choices">
      {foresight.quickChoices.value.map((choice) => (
        <button
          key={choice.name}
          type="button"
          class="chip-button"
          aria-pressed={choice.wall === foresight.wall.value}
          onClick={() => (foresight.wall.value = choice.wall)}
        >
          {choice.name}
        </button>
      ))}
    </div>
  )
}

function Moment({ stage: { foresight, desk } }: StageProps) {
  return (
    <span class="field">
      <label class="field-label" for="foresight-at">
        Date and time
      </label>
      <input
        class="input"
        id="foresight-at"
        aria-describedby="foresight-at-help"
        type="datetime-local"
        min="2000-01-01T00:00"
        max="2099-12-31T23:59"
        value={foresight.wall.value ?? wallOf(foresight.zone, desk.ticker.now.value)}
        onInput={(event) => (foresight.wall.value = event.currentTarget.value || null)}
      />
      <span class="help" id="foresight-at-help">
        Team’s clock: {zoneWords(foresight.zone)}
      </span>
    </span>
  )
}

function CustomersZone({ stage: { foresight, offered, desk } }: StageProps) {
  const now = desk.ticker.now.value
  const there = foresight.theirWall(now)
  return (
    <span class="field">
      <label class="field-label" for={ZONE}>
        Customer’s time zone
      </label>
      <ZoneBox
        zone={foresight.timezone.value ?? ''}
        zones={offered.choices.value.timezones}
        none="Same as the team’s"
        now={now}
        attributes={() => ({ id: ZONE, 'aria-describedby': `${ZONE}-help`, 'aria-invalid': undefined })}
        onZone={(zone) => (foresight.timezone.value = zone || null)}
      />
      <span class="help" id={`${ZONE}-help`}>
        {there === null
          ? 'In another zone they read {next_opening} by both clocks.'
          : `Their clock: ${shortDate(there.slice(0, 10))}, ${there.slice(11)}`}
      </span>
    </span>
  )
}

function CustomersLanguage({ stage: { foresight, page } }: StageProps) {
  const { messages } = shapeOf(page.document.value)
  const languages = [messages.language, ...Object.keys(messages.translations)]
  if (languages.length === 1) return null
  return (
    <span class="field">
      <label class="field-label" for="foresight-locale">
        Customer’s language
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
  )
}
