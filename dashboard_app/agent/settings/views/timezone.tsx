import { shapeOf } from '../state/shape'
import { offsetWords, wallOf } from '../state/zone'
import { exactZone } from '../state/zones'
import { Help, idOf, isChanged, wired, Wrong } from './field'
import type { StageProps } from './section'
import { ZoneBox } from './zone_box'

const KEY = 'business_hours.timezone'

/** The team's zone; what is no zone stands there until the service has said so. */
export function Timezone({ stage }: StageProps) {
  const { page, offered, desk } = stage
  const zone = shapeOf(page.document.value).business_hours.timezone
  const zones = offered.choices.value.timezones
  const now = desk.ticker.now.value
  return (
    <div class={`field${isChanged(page, KEY) ? ' changed' : ''}`}>
      <label class="field-label" for={idOf(KEY)}>
        Timezone
      </label>
      <ZoneBox
        zone={zone}
        zones={zones}
        now={now}
        attributes={(open) => wired(page, KEY, true, open)}
        onZone={(chosen) => page.set(KEY, chosen)}
      />
      <Help name={KEY}>
        All hours below are in it.
        {exactZone(zones, zone) &&
          ` It is ${wallOf(zone, now).slice(11)} there now, ${offsetWords(zone, now)}.`}
      </Help>
      <Wrong page={page} name={KEY} />
    </div>
  )
}
