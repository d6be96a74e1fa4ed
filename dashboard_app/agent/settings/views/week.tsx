import { useSignal, type Signal } from '@preact/signals'
import { Icon } from '../../../ui/icons'
import type { SettingsPage } from '../state/page'
import { shapeOf, WEEK, type Weekday } from '../state/shape'
import { weekdayNames } from '../state/words'
import { isChanged } from './field'
import { Intervals } from './intervals'

const WEEKLY = 'business_hours.weekly'

/** The hours of each weekday; a day without any is closed. */
export function Week({ page }: { page: SettingsPage }) {
  const copying = useSignal<Weekday | null>(null)
  return (
    <ul class="week" aria-label="Hours by weekday">
      {WEEK.map((day) => (
        <WeekRow key={day} page={page} day={day} copying={copying} />
      ))}
    </ul>
  )
}

interface RowProps {
  page: SettingsPage
  day: Weekday
  copying: Signal<Weekday | null>
}

function WeekRow({ page, day, copying }: RowProps) {
  const spans = shapeOf(page.document.value).business_hours.weekly[day] ?? []
  const key = `${WEEKLY}.${day}`
  const name = weekdayNames[day]
  const open = spans.length > 0
  const copies = copying.value === day
  return (
    <li class={`week-row${isChanged(page, key) ? ' changed' : ''}`}>
      <OpenSwitch name={name} open={open} onOpen={(on) => page.set(key, on ? ['09:00-17:00'] : [])} />
      {open ? (
        <Intervals page={page} name={key} day={name} spans={spans} />
      ) : (
        <span class="closed muted">Closed</span>
      )}
      <button
        type="button"
        class="icon-button copy-day"
        title={`Copy ${name} to other days`}
        aria-expanded={copies}
        onClick={() => (copying.value = copies ? null : day)}
      >
        <Icon name="copy" size={18} />
        <span class="quiet">Copy {name} to other days</span>
      </button>
      {copies && <CopyTo page={page} day={day} spans={spans} done={() => (copying.value = null)} />}
    </li>
  )
}

export function OpenSwitch(props: { name: string; open: boolean; onOpen: (open: boolean) => void }) {
  const { name, open, onOpen } = props
  return (
    <label class="switch day-switch">
      <input
        type="checkbox"
        role="switch"
        aria-label={`${name} open`}
        checked={open}
        onChange={(event) => onOpen(event.currentTarget.checked)}
      />
      <span aria-hidden="true">{name}</span>
    </label>
  )
}

interface CopyProps {
  page: SettingsPage
  day: Weekday
  spans: readonly string[]
  done: () => void
}

const WORKDAYS: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri']

function CopyTo({ page, day, spans, done }: CopyProps) {
  const others = WEEK.filter((other) => other !== day)
  const picked = useSignal(
    new Set<Weekday>(WORKDAYS.filter((other) => other !== day && WORKDAYS.includes(day))),
  )
  const turn = (other: Weekday, on: boolean): void => {
    picked.value = new Set(others.filter((one) => (one === other ? on : picked.value.has(one))))
  }
  const copy = (): void => {
    for (const other of picked.value) page.set(`${WEEKLY}.${other}`, [...spans])
    done()
  }
  return (
    <fieldset class="copy-to">
      <legend>Copy {weekdayNames[day]} to</legend>
      {others.map((other) => (
        <label class="choice" key={other}>
          <input
            type="checkbox"
            checked={picked.value.has(other)}
            onChange={(event) => turn(other, event.currentTarget.checked)}
          />
          <span>{weekdayNames[other]}</span>
        </label>
      ))}
      <span class="copy-buttons">
        <button type="button" class="button small-button" disabled={picked.value.size === 0} onClick={copy}>
          Copy
        </button>
        <button type="button" class="button plain small-button" onClick={done}>
          Cancel
        </button>
      </span>
    </fieldset>
  )
}
