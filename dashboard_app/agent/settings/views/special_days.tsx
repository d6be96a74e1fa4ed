import { Icon } from '../../../ui/icons'
import type { SettingsPage } from '../state/page'
import { shapeOf, type SpecialDay } from '../state/shape'
import { dateWords } from '../state/words'
import { addDays } from '../state/zone'
import { idOf, isChanged, Wrong } from './field'
import { Intervals } from './intervals'
import type { StageProps } from './section'
import { OpenSwitch } from './week'

const KEY = 'business_hours.exceptions'

/** Dates with hours of their own; each replaces what the week says of its day. */
export function SpecialDays({ stage: { page, foresight } }: StageProps) {
  const days = shapeOf(page.document.value).business_hours.exceptions
  const set = (next: SpecialDay[]): void => page.set(KEY, next)
  const add = (): void => {
    const taken = new Set(days.map(({ date }) => date))
    let date = addDays(foresight.today, 1)
    while (taken.has(date)) date = addDays(date, 1)
    set([...days, { date, open: [], name: '' }])
  }
  return (
    <fieldset class={`special${isChanged(page, KEY) ? ' changed' : ''}`} id={idOf(KEY)}>
      <legend class="field-label">Special days</legend>
      <p class="help">
        Dates with hours of their own, or closed. They go before the week and before holidays.
      </p>
      <ul>
        {days.map((day, n) => (
          <Row
            key={n}
            page={page}
            n={n}
            day={day}
            onDay={(changed) => set(days.map((one, at) => (at === n ? { ...one, ...changed } : one)))}
            onRemove={() => set(days.filter((_, at) => at !== n))}
          />
        ))}
      </ul>
      <button type="button" class="button small-button" onClick={add}>
        <Icon name="add" size={16} /> Add a special day
      </button>
      <Wrong page={page} name={KEY} group />
    </fieldset>
  )
}

interface RowProps {
  page: SettingsPage
  n: number
  day: SpecialDay
  onDay: (changed: Partial<SpecialDay>) => void
  onRemove: () => void
}

function Row({ page, n, day, onDay, onRemove }: RowProps) {
  const key = `${KEY}[${n}]`
  const called = day.date === '' ? `Special day ${n + 1}` : dateWords(day.date)
  const wrong = page.problems.value[`${key}.date`] !== undefined
  return (
    <li class="special-day">
      <div class="special-what">
        <span class="field">
          <label class="field-label" for={idOf(`${key}.date`)}>
            Date
          </label>
          <input
            type="date"
            class="input"
            id={idOf(`${key}.date`)}
            aria-invalid={wrong || undefined}
            aria-describedby={wrong ? `${idOf(`${key}.date`)}-error` : undefined}
            value={day.date}
            onInput={(event) => onDay({ date: event.currentTarget.value })}
          />
        </span>
        <span class="field grows">
          <label class="field-label" for={idOf(`${key}.name`)}>
            Name
          </label>
          <input
            class="input"
            id={idOf(`${key}.name`)}
            placeholder="Christmas Eve, stock-taking …"
            maxLength={80}
            autoComplete="off"
            value={day.name}
            onInput={(event) => onDay({ name: event.currentTarget.value })}
          />
        </span>
        <button type="button" class="icon-button" title={`Remove ${called}`} onClick={onRemove}>
          <Icon name="close" size={16} />
          <span class="quiet">Remove {called}</span>
        </button>
      </div>
      <Wrong page={page} name={`${key}.date`} />
      <Wrong page={page} name={key} group />
      <div class="special-when">
        <OpenSwitch
          name={called}
          open={day.open.length > 0}
          onOpen={(on) => onDay({ open: on ? ['09:00-12:00'] : [] })}
        />
        {day.open.length > 0 ? (
          <Intervals page={page} name={`${key}.open`} day={called} spans={day.open} />
        ) : (
          <span class="closed muted">Closed</span>
        )}
      </div>
    </li>
  )
}
