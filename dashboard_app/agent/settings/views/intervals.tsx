import { useSignal } from '@preact/signals'
import { Icon } from '../../../ui/icons'
import type { SettingsPage } from '../state/page'
import { another, joinSpan, pastMidnight, splitSpan, type Span } from '../state/times'
import { idOf, TimeInput, Wrong } from './field'

interface IntervalsProps {
  page: SettingsPage
  /** The key of the list. */
  name: string
  /** "Monday" */
  day: string
  spans: readonly string[]
}

/** When a day is open: as many intervals as wanted, and one more. */
export function Intervals({ page, name, day, spans }: IntervalsProps) {
  const set = (next: string[]): void => page.set(name, next)
  return (
    <div class="intervals">
      {spans.map((span, n) => (
        <Interval
          key={n}
          page={page}
          name={`${name}[${n}]`}
          called={spans.length > 1 ? `${day}, ${n + 1}.` : day}
          span={splitSpan(span)}
          onSpan={(changed) => set(spans.map((one, at) => (at === n ? joinSpan(changed) : one)))}
          onRemove={() => set(spans.filter((_, at) => at !== n))}
        />
      ))}
      <button
        type="button"
        class="icon-button"
        title={`${day}: one more interval`}
        onClick={() => set([...spans, another(spans)])}
      >
        <Icon name="add" size={18} />
        <span class="quiet">{day}: one more interval</span>
      </button>
      <Wrong page={page} name={name} group />
    </div>
  )
}

interface IntervalProps {
  page: SettingsPage
  name: string
  called: string
  span: Span
  onSpan: (span: Span) => void
  onRemove: () => void
}

function Interval({ page, name, called, span, onSpan, onRemove }: IntervalProps) {
  const typing = useSignal(false)
  const wrong = page.problems.value[name] !== undefined && !typing.value
  const shared = {
    'aria-invalid': wrong || undefined,
    'aria-describedby': wrong ? `${idOf(name)}-error` : undefined,
  }
  return (
    <div
      class="interval"
      role="group"
      aria-label={called}
      onFocusIn={() => (typing.value = true)}
      onFocusOut={() => (typing.value = false)}
    >
      <span class="interval-times">
        <TimeInput
          value={span.start}
          onTime={(start) => onSpan({ ...span, start })}
          attributes={{ ...shared, id: idOf(name), 'aria-label': `${called} opens` }}
        />
        <span class="muted" aria-hidden="true">
          –
        </span>
        <TimeInput
          value={span.end}
          onTime={(end) => onSpan({ ...span, end })}
          attributes={{ ...shared, 'aria-label': `${called} closes` }}
        />
        {pastMidnight(span) && <span class="next-day">next day</span>}
        <button type="button" class="icon-button" title={`Remove ${called}`} onClick={onRemove}>
          <Icon name="close" size={16} />
          <span class="quiet">Remove {called}</span>
        </button>
      </span>
      {wrong && <Wrong page={page} name={name} />}
    </div>
  )
}
