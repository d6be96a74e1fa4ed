import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { Icon } from '../../../ui/icons'
import { shapeOf } from '../state/shape'
import { offsetWords, wallOf } from '../state/zone'
import { exactZone, findZones, zoneWords } from '../state/zones'
import { Help, idOf, isChanged, wired, Wrong } from './field'
import type { StageProps } from './section'

const KEY = 'business_hours.timezone'
const LIST = 'timezone-list'
const MOST = 60

/** A list that one can search by typing; a full name counts without choosing. */
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
      <Combobox stage={stage} zone={zone} zones={zones} />
      <Help name={KEY}>
        All hours below are in it.
        {exactZone(zones, zone) &&
          ` It is ${wallOf(zone, now).slice(11)} there now, ${offsetWords(zone, now)}.`}
      </Help>
      <Wrong page={page} name={KEY} />
    </div>
  )
}

interface ComboProps extends StageProps {
  zone: string
  zones: readonly string[]
}

function Combobox({ stage, zone, zones }: ComboProps) {
  const { typed, at, found, open, pick, search, leave, press } = useSearch(stage, zone, zones)
  return (
    <span class="combo">
      <input
        class="input"
        role="combobox"
        aria-expanded={open}
        aria-controls={LIST}
        aria-autocomplete="list"
        aria-activedescendant={open ? `${LIST}-${at.value}` : undefined}
        autoComplete="off"
        spellcheck={false}
        {...wired(stage.page, KEY, true, open)}
        value={typed.value ?? zone}
        placeholder={zone}
        onInput={(event) => search(event.currentTarget.value)}
        onClick={() => (typed.value ??= '')}
        onKeyDown={press}
        onBlur={leave}
      />
      <Icon name="down" size={16} />
      <Found found={open ? found : []} at={at.value} now={stage.desk.ticker.now.peek()} pick={pick} />
    </span>
  )
}

function useSearch({ page }: StageProps['stage'], zone: string, zones: readonly string[]) {
  /** What is typed; null while nobody searches. */
  const typed = useSignal<string | null>(null)
  const at = useSignal(0)
  const found = typed.value === null ? [] : findZones(zones, typed.value, MOST)
  const open = found.length > 0
  const pick = (chosen: string): void => {
    page.set(KEY, chosen)
    typed.value = null
  }
  const search = (text: string): void => {
    typed.value = text
    at.value = 0
    const exact = exactZone(zones, text)
    if (exact) page.set(KEY, exact)
  }
  const leave = (): void => {
    if (typed.value !== null && typed.value.trim() !== '') pick(exactZone(zones, typed.value) ?? typed.value)
    typed.value = null
  }
  const press = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined) {
      if (typed.value === null) typed.value = ''
      else at.value = (at.value + step + found.length) % Math.max(1, found.length)
    } else if (event.key === 'Enter' && open) pick(found[at.value] ?? zone)
    else if (event.key === 'Escape' && typed.value !== null) typed.value = null
    else return
    event.preventDefault()
  }
  return { typed, at, found, open, pick, search, leave, press }
}

interface FoundProps {
  found: readonly string[]
  at: number
  now: number
  pick: (zone: string) => void
}

function Found({ found, at, now, pick }: FoundProps) {
  const chosen = useRef<HTMLLIElement>(null)
  useEffect(() => chosen.current?.scrollIntoView({ block: 'nearest' }), [at, found.length])
  return (
    <ul class="combo-list" id={LIST} role="listbox" aria-label="Zones" hidden={found.length === 0}>
      {found.map((zone, n) => (
        <li
          key={zone}
          id={`${LIST}-${n}`}
          role="option"
          aria-selected={n === at}
          ref={n === at ? chosen : null}
          onMouseDown={(event) => {
            event.preventDefault() // the field keeps the keyboard
            pick(zone)
          }}
        >
          <span>{zoneWords(zone)}</span>
          <span class="muted small">{offsetWords(zone, now)}</span>
        </li>
      ))}
    </ul>
  )
}
