import type { ComponentChildren } from 'preact'
import { useSignal } from '@preact/signals'
import { get } from '../state/document'
import type { SettingsPage } from '../state/page'
import { tidyTime } from '../state/times'

export interface FieldProps {
  page: SettingsPage
  /** As in livechat.yml. */
  name: string
  label: string
  help?: ComponentChildren
}

export interface Wired {
  id: string
  'aria-describedby': string | undefined
  'aria-invalid': boolean | undefined
}

export const idOf = (name: string): string => `set-${name}`

/** What ties an input to its help and to what is wrong with it. */
export function wired(page: SettingsPage, name: string, help: boolean, quiet = false): Wired {
  const wrong = !quiet && page.problems.value[name] !== undefined
  const described = [help ? `${idOf(name)}-help` : '', wrong ? `${idOf(name)}-error` : ''].filter(Boolean)
  return {
    id: idOf(name),
    'aria-describedby': described.join(' ') || undefined,
    'aria-invalid': wrong || undefined,
  }
}

/** What is wrong at a key; `group`: no single input has it, so that the words themselves take the focus. */
export function Wrong({ page, name, group = false }: { page: SettingsPage; name: string; group?: boolean }) {
  const problem = page.problems.value[name]
  if (problem === undefined) return null
  const place = group ? { tabIndex: -1, 'data-wrong': '' } : {}
  return (
    <p class="field-error" id={`${idOf(name)}-error`} {...place}>
      {problem}
    </p>
  )
}

export function Help({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <p class="help" id={`${idOf(name)}-help`}>
      {children}
    </p>
  )
}

export const isChanged = (page: SettingsPage, name: string): boolean =>
  page.changes.value.some(({ key }) => key === name || key.startsWith(`${name}.`))

function Frame({ page, name, label, help, children }: FieldProps & { children: ComponentChildren }) {
  return (
    <div class={`field${isChanged(page, name) ? ' changed' : ''}`}>
      <label class="field-label" for={idOf(name)}>
        {label}
      </label>
      {children}
      {help !== undefined && <Help name={name}>{help}</Help>}
      <Wrong page={page} name={name} />
    </div>
  )
}

export function SwitchField({ page, name, label, help }: FieldProps) {
  return (
    <div class={`field switch-field${isChanged(page, name) ? ' changed' : ''}`}>
      <div>
        <label class="field-label" for={idOf(name)}>
          {label}
        </label>
        {help !== undefined && <Help name={name}>{help}</Help>}
        <Wrong page={page} name={name} />
      </div>
      <span class="switch">
        <input
          type="checkbox"
          role="switch"
          {...wired(page, name, help !== undefined)}
          checked={get(page.document.value, name) === true}
          onChange={(event) => page.set(name, event.currentTarget.checked)}
        />
      </span>
    </div>
  )
}

export function NumberField(props: FieldProps & { unit?: string }) {
  const { page, name, help, unit } = props
  const value = get(page.document.value, name) as number | string
  const take = (typed: string): void =>
    page.set(name, /^\s*-?\d{1,9}\s*$/.test(typed) ? Number(typed) : typed)
  return (
    <Frame {...props}>
      <span class="with-unit">
        <input
          class="input number"
          inputMode="numeric"
          autoComplete="off"
          {...wired(page, name, help !== undefined)}
          value={value}
          onInput={(event) => take(event.currentTarget.value)}
        />
        {unit && <span class="muted">{unit}</span>}
      </span>
    </Frame>
  )
}

interface TextProps extends FieldProps {
  placeholder?: string
  /** Lines; 0 is a single-line input. */
  rows?: number
  /** What an empty field means. */
  empty?: '' | null
  lang?: string
}

export function TextField(props: TextProps) {
  const { page, name, help, placeholder, rows = 2, empty = '', lang } = props
  const value = get(page.document.value, name)
  const attributes = {
    class: 'input',
    ...wired(page, name, help !== undefined),
    ...(placeholder === undefined ? {} : { placeholder }),
    ...(lang === undefined ? {} : { lang }),
    dir: 'auto' as const,
    autoComplete: 'off',
    value: typeof value === 'string' ? value : '',
    onInput: ({ currentTarget }: { currentTarget: { value: string } }) =>
      page.set(name, currentTarget.value === '' ? empty : currentTarget.value),
  }
  return (
    <Frame {...props}>
      {rows === 0 ? <input {...attributes} /> : <textarea {...attributes} rows={rows} />}
    </Frame>
  )
}

interface SelectProps extends FieldProps {
  options: readonly { value: string; name: string }[]
  onPick: (value: string) => void
}

export function SelectField(props: SelectProps) {
  const { page, name, help, options, onPick } = props
  const value = get(page.document.value, name)
  return (
    <Frame {...props}>
      <select
        class="input"
        {...wired(page, name, help !== undefined)}
        value={typeof value === 'string' ? value : ''}
        onChange={(event) => onPick(event.currentTarget.value)}
      >
        {options.map((option) => (
          <option value={option.value} key={option.value}>
            {option.name}
          </option>
        ))}
      </select>
    </Frame>
  )
}

interface TimeProps {
  value: string
  onTime: (typed: string) => void
  attributes: Record<string, unknown>
}

/** A time of day on a 24-hour clock, however it is typed. */
export function TimeInput({ value, onTime, attributes }: TimeProps) {
  const tidy = (typed: string): void => {
    if (tidyTime(typed) !== typed) onTime(tidyTime(typed))
  }
  return (
    <input
      class="input time"
      inputMode="numeric"
      autoComplete="off"
      maxLength={8}
      placeholder="––:––"
      {...attributes}
      value={value}
      onInput={(event) => onTime(event.currentTarget.value)}
      onBlur={(event) => tidy(event.currentTarget.value)}
    />
  )
}

export function TimeField(props: FieldProps) {
  const { page, name, help } = props
  const typing = useSignal(false)
  const value = get(page.document.value, name)
  const clock = typeof value === 'string' ? value : ''
  const quiet = typing.value && clock.length < 5
  const attributes = {
    ...wired(page, name, help !== undefined, quiet),
    onFocus: () => (typing.value = true),
    onFocusOut: () => (typing.value = false),
  }
  return (
    <Frame {...props}>
      <TimeInput value={clock} onTime={(typed) => page.set(name, typed)} attributes={attributes} />
    </Frame>
  )
}
