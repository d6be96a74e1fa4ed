import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { Icon } from '../../../ui/icons'
import { offsetWords } from '../state/zone'
import { exactZone, findZones, meantZone, zoneWords } from '../state/zones'
import type { Wired } from './field'

const MOST = 60

interface BoxProps {
  /** Empty: none is chosen. */
  zone: string
  zones: readonly string[]
  /** Where no zone need be chosen: what that is called. */
  none?: string
  now: number
  /** `open`: the list is. */
  attributes: (open: boolean) => Wired
  onZone: (zone: string) => void
}

/** A list of zones that one can search by typing; what can mean only one of them counts without choosing. */
export function ZoneBox(props: BoxProps) {
  const { zone, none, now, attributes } = props
  const { typed, at, found, open, pick, search, leave, press } = useSearch(props)
  const wired = attributes(open)
  const list = `${wired.id}-list`
  /** What goes into livechat.yml stands there as it does there. */
  const shown = none === undefined ? zone : zone === '' ? none : zoneWords(zone)
  return (
    <span class="combo">
      <input
        class="input"
        role="combobox"
        aria-expanded={open}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={open ? `${list}-${at.value}` : undefined}
        autoComplete="off"
        spellcheck={false}
        {...wired}
        value={typed.value ?? shown}
        placeholder={shown}
        onInput={(event) => search(event.currentTarget.value)}
        onClick={() => (typed.value ??= '')}
        onKeyDown={press}
        onBlur={leave}
      />
      <Icon name="down" size={16} />
      <Found list={list} found={found} none={none} at={at.value} now={now} pick={pick} />
      <span role="status">
        {typed.value !== null && !open && <span class="combo-list combo-none">No zone is called that.</span>}
      </span>
    </span>
  )
}

function useSearch({ zone, zones, none, onZone }: BoxProps) {
  /** What is typed; null while nobody searches. */
  const typed = useSignal<string | null>(null)
  const at = useSignal(0)
  const found = typed.value === null ? [] : findZones(zones, typed.value, MOST, none)
  const open = found.length > 0
  const pick = (chosen: string): void => {
    onZone(chosen)
    typed.value = null
  }
  const search = (text: string): void => {
    typed.value = text
    at.value = 0
    const exact = exactZone(zones, text) ?? (text === '' && none !== undefined ? '' : null)
    if (exact !== null) onZone(exact)
  }
  const leave = (): void => {
    if (typed.value !== null && typed.value.trim() !== '') {
      const meant = meantZone(found, typed.value) ?? (none === undefined ? typed.value : null)
      if (meant !== null) onZone(meant)
    }
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
  list: string
  found: readonly string[]
  none: string | undefined
  at: number
  now: number
  pick: (zone: string) => void
}

function Found({ list, found, none, at, now, pick }: FoundProps) {
  const all = useRef<HTMLUListElement>(null)
  const chosen = useRef<HTMLLIElement>(null)
  const open = found.length > 0
  useEffect(() => {
    if (open) all.current?.scrollIntoView({ block: 'nearest' })
  }, [open])
  useEffect(() => chosen.current?.scrollIntoView({ block: 'nearest' }), [at, found.length])
  return (
    <ul ref={all} class="combo-list" id={list} role="listbox" aria-label="Zones" hidden={!open}>
      {found.map((zone, n) => (
        <li
          key={zone}
          id={`${list}-${n}`}
          role="option"
          aria-selected={n === at}
          ref={n === at ? chosen : null}
          onMouseDown={(event) => {
            event.preventDefault() // the field keeps the keyboard
            pick(zone)
          }}
        >
          <span>{zone === '' ? none : zoneWords(zone)}</span>
          {zone !== '' && <span class="muted small">{offsetWords(zone, now)}</span>}
        </li>
      ))}
    </ul>
  )
}
