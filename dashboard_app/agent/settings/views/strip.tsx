import type { Day } from '../wire'
import { barsOf, hoursWords } from '../state/strip'
import { shortDate } from '../state/words'
import type { StageProps } from './section'

const HOURS = [0, 6, 12, 18, 24]
const DAY = 1440

/** Fourteen days as lines of 24 hours; on a phone, and for screen readers, in words. */
export function Strip({ stage, days }: StageProps & { days: readonly Day[] }) {
  const { today } = stage.foresight
  return (
    <div class="strip">
      <div class="strip-hours" aria-hidden="true">
        {HOURS.map((hour) => (
          <span key={hour}>{hour}</span>
        ))}
      </div>
      <ol aria-label="The next 14 days">
        {days.map((day) => (
          <StripDay key={day.date} day={day} today={day.date === today} />
        ))}
      </ol>
    </div>
  )
}

function StripDay({ day, today }: { day: Day; today: boolean }) {
  const words = hoursWords(day)
  return (
    <li class={`strip-day${today ? ' today' : ''}`} title={`${shortDate(day.date)}: ${words}`}>
      <span class="strip-date">
        {today ? <strong>Today</strong> : shortDate(day.date)}
        {day.name && <span class="strip-name">{day.name}</span>}
      </span>
      <svg class="strip-line" viewBox={`0 0 ${DAY} 10`} preserveAspectRatio="none" aria-hidden="true">
        <rect class="strip-ground" x="0" y="0" width={DAY} height="10" />
        {barsOf(day).map(({ from, to }, n) => (
          <rect class="strip-open" key={n} x={from} y="0" width={to - from} height="10" />
        ))}
      </svg>
      <span class="strip-words">{words}</span>
    </li>
  )
}
