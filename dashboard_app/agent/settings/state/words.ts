/** Keys and values of livechat.yml as people say them. */
import { isTree } from './document'
import type { Weekday } from './shape'

const names: Record<string, string> = {
  plan: 'Plan',
  'live_chat.enabled': 'Enable Live Chat',
  'live_chat.show_button': 'Show “Talk to Human” button',
  'live_chat.message_threshold': 'Message threshold',
  'live_chat.only_when_agents_are_here': 'Only when agents are here',
  'messages.language': 'Language of the texts',
  'business_hours.enabled': 'Enable business hours',
  'business_hours.start': 'Start time',
  'business_hours.end': 'End time',
  'business_hours.timezone': 'Timezone',
  'business_hours.weekly': 'Hours by weekday',
  'business_hours.exceptions': 'Special days',
  'business_hours.holidays.enabled': 'Closed on public holidays',
  'business_hours.holidays.country': 'Country of the holidays',
  'business_hours.holidays.region': 'Region of the holidays',
  'notifications.email.enabled': 'Email notifications',
  'contact_form.offer_seconds': 'Contact form: how long it is offered',
  'contact_form.mail_answer_after_seconds': 'Contact form: answer by mail after',
  'claims.lease_seconds': 'Agent shown as away after',
  'claims.requeue_after_seconds': 'Pending again after',
  'attachments.enabled': 'Files',
  'attachments.max_megabytes': 'Largest file',
  'bot.answer_within_seconds': 'The bot answers within',
  'widget.sites': 'Websites with the widget',
}

export const textNames: Record<string, string> = {
  handover: 'Handover system message',
  out_of_hours: 'Out-of-hours message',
  greeting: 'Greeting',
  talk_to_human: 'Words of the button',
  leave_details: 'Words of the contact form’s button',
  form_received: 'After the contact form',
  requeued: 'When an agent had to step away',
  bot_silent: 'When the bot does not answer',
  bot_silent_alone: 'When the bot does not answer and nobody is there',
}

export const weekdayNames: Record<Weekday, string> = {
  mon: 'Monday',
  tue: 'Tuesday',
  wed: 'Wednesday',
  thu: 'Thursday',
  fri: 'Friday',
  sat: 'Saturday',
  sun: 'Sunday',
}

const units: Record<string, string> = { seconds: ' s', megabytes: ' MB' }

/** "messages.translations.de.handover" → "Handover system message (German)" */
export function nameOf(key: string): string {
  const [plain = '', item = ''] = key.split(/(?=\[)/)
  const found = names[plain] ?? textName(plain) ?? dayName(plain) ?? plain
  const place = /\d+/.exec(item)
  return place ? `${found}, ${Number(place[0]) + 1}.` : found
}

function textName(key: string): string | null {
  const [, language, name = ''] = /^messages\.(?:translations\.([^.]+)\.)?(\w+)$/.exec(key) ?? []
  const known = textNames[name]
  if (!known) return null
  return language ? `${known} (${languageName(language)})` : known
}

function dayName(key: string): string | null {
  const day = /^business_hours\.weekly\.(\w+)$/.exec(key)?.[1]
  return day && day in weekdayNames ? `Hours on ${weekdayNames[day as Weekday]}` : null
}

export function languageName(code: string): string {
  try {
    return new Intl.DisplayNames(['en'], { type: 'language' }).of(code) ?? code
  } catch {
    return code
  }
}

/** "BW – Baden-Württemberg"; a code that is the name, but for its accents, is not said twice. */
export function regionWords(code: string, name: string): string {
  return code.localeCompare(name, 'en', { sensitivity: 'base' }) === 0 ? name : `${code} – ${name}`
}

/** A value on one line: "on", "09:00–12:00, 13:00–17:00", "closed". */
export function valueWords(key: string, value: unknown): string {
  if (value === null || value === undefined) return '–'
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  if (typeof value === 'number') return `${value}${units[key.split('_').at(-1) ?? ''] ?? ''}`
  if (typeof value === 'string') return spanWords(value)
  if (Array.isArray(value)) return listWords(key, value)
  return isTree(value) ? treeWords(key, value) : JSON.stringify(value)
}

function listWords(key: string, list: unknown[]): string {
  const closed = key.includes('weekly') || key.endsWith('open')
  if (list.length === 0) return closed ? 'closed' : 'none'
  return list.map((item) => valueWords(key, item)).join(key.endsWith('exceptions') ? '; ' : ', ')
}

function treeWords(key: string, tree: Readonly<Record<string, unknown>>): string {
  if (typeof tree['date'] === 'string' && Array.isArray(tree['open'])) {
    const name = typeof tree['name'] === 'string' && tree['name'] ? ` ${tree['name']}` : ''
    return `${dateWords(tree['date'])}${name}: ${valueWords('open', tree['open'])}`
  }
  const entries = Object.entries(tree).map(
    ([name, inner]) => `${name}: ${valueWords(`${key}.${name}`, inner)}`,
  )
  return entries.length ? entries.join('; ') : 'none'
}

const spanWords = (text: string): string =>
  /^\d\d:\d\d-\d\d:\d\d$/.test(text) ? text.replace('-', '–') : text

const day = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
})
const shortDay = new Intl.DateTimeFormat(undefined, {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  timeZone: 'UTC',
})
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

function dated(format: Intl.DateTimeFormat, text: string): string {
  const at = Date.parse(text)
  return Number.isNaN(at) ? text : format.format(at)
}

export const dateWords = (date: string): string => dated(day, date)
export const shortDate = (date: string): string => dated(shortDay, date)
export const momentWords = (iso: string): string => dated(moment, iso)
