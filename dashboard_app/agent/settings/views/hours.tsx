import { useSignal } from '@preact/signals'
import { shapeOf, WEEK, type Shape } from '../state/shape'
import { isEnd, isStart } from '../state/times'
import { idOf, isChanged, SwitchField, TimeField, Wrong } from './field'
import { Holidays } from './holidays'
import { Section, type StageProps } from './section'
import { SpecialDays } from './special_days'
import { Timezone } from './timezone'
import { Week } from './week'

const HOURS = 'business_hours'

export function Hours({ stage }: StageProps) {
  const { page } = stage
  const { weekly } = shapeOf(page.document.value).business_hours
  return (
    <Section id="business-hours" title="Business Hours" page={page}>
      <SwitchField
        page={page}
        name={`${HOURS}.enabled`}
        label="Enable business hours"
        help="Off: customers can ask for a person around the clock, whatever stands below."
      />
      <Timezone stage={stage} />
      <Kind stage={stage} />
      {Object.keys(weekly).length === 0 ? (
        <div class="field-pair">
          <TimeField
            page={page}
            name={`${HOURS}.start`}
            label="Start time"
            help="Open from this minute on."
          />
          <TimeField page={page} name={`${HOURS}.end`} label="End time" help={<EndHelp stage={stage} />} />
        </div>
      ) : (
        <Week page={page} />
      )}
      <Wrong page={page} name={`${HOURS}.weekly`} group />
      <Wrong page={page} name={HOURS} group />
      <SpecialDays stage={stage} />
      <Holidays stage={stage} />
      <SwitchField
        page={page}
        name="live_chat.only_when_agents_are_here"
        label="Only when agents are here"
        help="Closed also while no agent is signed in."
      />
    </Section>
  )
}

function EndHelp({ stage: { page } }: StageProps) {
  const { start, end } = shapeOf(page.document.value).business_hours
  if (isStart(start) && isEnd(end) && end < start) return <>Closes on the next day.</>
  return <>Closed from this minute on. 24:00 is the day’s end.</>
}

/** Two ways to say when the team is there; the one that is not chosen is remembered while the page is open. */
function Kind({ stage: { page } }: StageProps) {
  const hours = shapeOf(page.document.value).business_hours
  const kept = useSignal<Shape['business_hours']['weekly'] | null>(null)
  const byDay = Object.keys(hours.weekly).length > 0
  const toWeek = (): void => {
    const { start, end } = hours
    const fine = isStart(start) && isEnd(end) && start !== end
    const span = fine ? `${start}-${end}` : '09:00-17:00'
    if (!fine)
      for (const name of ['start', 'end'] as const) page.set(`${HOURS}.${name}`, asBefore(page, name))
    page.set(`${HOURS}.weekly`, kept.value ?? Object.fromEntries(WEEK.map((day) => [day, [span]])))
  }
  const toEveryDay = (): void => {
    kept.value = hours.weekly
    page.set(`${HOURS}.weekly`, {})
  }
  return (
    <fieldset
      class={`kind${isChanged(page, `${HOURS}.weekly`) ? ' changed' : ''}`}
      id={idOf(`${HOURS}.weekly`)}
    >
      <legend class="field-label">Hours</legend>
      <label class="choice">
        <input type="radio" name="hours-kind" checked={!byDay} onChange={toEveryDay} />
        <span>The same every day</span>
      </label>
      <label class="choice">
        <input type="radio" name="hours-kind" checked={byDay} onChange={toWeek} />
        <span>By weekday</span>
      </label>
    </fieldset>
  )
}

function asBefore(page: StageProps['stage']['page'], name: 'start' | 'end'): string {
  return shapeOf(page.base.value.document).business_hours[name]
}
