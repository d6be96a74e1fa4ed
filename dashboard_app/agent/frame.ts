import { effect } from '@preact/signals'
import type { App } from './state/app'
import { run } from './state/commands'
import { commandOf, isG, type Press } from './state/keys'
import type { PreferenceStore } from './state/preferences'

const badges = import.meta.glob<string>('./badges/*.svg', { eager: true, query: '?url', import: 'default' })

/** What lies around the page: keys, title, badge, theme, and whether anybody looks. */
export function frame(app: App, preferences: PreferenceStore): void {
  effect(() => showTheme(preferences.value.value.theme))
  effect(() => showWaiting(app.desk.value?.inbox.counts.value?.pending ?? 0))
  document.addEventListener('visibilitychange', () => tellVisible(app))
  effect(() => tellVisible(app))
  document.addEventListener('keydown', (event) => press(app, preferences, event))
  // A file that misses its place would replace the page.
  for (const kind of ['dragover', 'drop'] as const) document.addEventListener(kind, missed)
  // The first press of anything lets the page be heard.
  for (const kind of ['pointerdown', 'keydown']) {
    document.addEventListener(kind, () => void app.desk.peek()?.alerts.unblock(), { once: true })
  }
}

function missed(event: DragEvent): void {
  if (event.defaultPrevented || !event.dataTransfer?.types.includes('Files')) return
  event.preventDefault()
  event.dataTransfer.dropEffect = 'none'
}

function showTheme(theme: string): void {
  if (theme === 'auto') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = theme
}

function showWaiting(count: number): void {
  document.title = count > 0 ? `(${count}) Live chat` : 'Live chat'
  const href = badges[`./badges/${count > 9 ? 'more' : count}.svg`]
  if (href) document.querySelector('link[rel=icon]')?.setAttribute('href', href)
}

function tellVisible(app: App): void {
  const desk = app.desk.value
  if (desk) desk.reading.visible.value = document.visibilityState === 'visible'
}

/** So long after G a letter names a page. */
const PAGE_MS = 1_500
let gAt = -Infinity

function press(app: App, preferences: PreferenceStore, event: KeyboardEvent): void {
  const desk = app.desk.peek()
  if (!desk || event.defaultPrevented || document.querySelector('dialog[open], [popover]:popover-open'))
    return
  const pressed = pressOf(event)
  const command = commandOf(pressed, preferences.value.peek())
  gAt = isG(pressed, preferences.value.peek()) ? event.timeStamp : -Infinity
  if (!command) return
  event.preventDefault()
  if (command === 'back' && leaveField()) return
  run(desk, command)
}

/** Esc in a text field first leaves the field. */
function leaveField(): boolean {
  const field = document.activeElement
  if (!(field instanceof HTMLElement) || !isTyping(field)) return false
  field.blur()
  return true
}

function pressOf(event: KeyboardEvent): Press {
  const { key, shiftKey, ctrlKey, metaKey, altKey, isComposing, target, timeStamp } = event
  const at = target instanceof HTMLElement ? target : null
  const pressable = at?.closest('a, button, summary, select') !== null && at !== null
  return {
    key,
    shiftKey,
    ctrlKey,
    metaKey,
    altKey,
    isComposing,
    typing: at !== null && isTyping(at),
    pressable,
    afterG: timeStamp - gAt < PAGE_MS,
  }
}

const buttons = new Set(['radio', 'checkbox', 'button', 'submit'])

function isTyping(field: HTMLElement): boolean {
  if (field instanceof HTMLInputElement) return !buttons.has(field.type)
  return field instanceof HTMLTextAreaElement || field.isContentEditable
}
