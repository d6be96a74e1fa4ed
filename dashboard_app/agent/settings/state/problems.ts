/**
 * What is wrong with the document, as far as the page can tell at once; the service has the last word on everything.
 * The keys are those of livechat.yml, down to the interval that is wrong.
 */
import type { Document, Problems } from '../wire'
import { shapeOf, TEXTS, WEEK, type Shape, type TextName, type Texts } from './shape'
import { isEnd, isStart, overlapping, spanProblem, splitSpan } from './times'

const MOST_MESSAGES = 1_000
const LONGEST = 2_000
const BUTTON = 20
const BUTTONS: readonly TextName[] = ['talk_to_human', 'leave_details']
const WITH_OPENING: readonly TextName[] = ['out_of_hours', 'form_received']

export function problemsOf(document: Document): Problems {
  const shape = shapeOf(document)
  return { ...ofGeneral(shape), ...ofMessages(shape), ...ofHours(shape) }
}

function ofGeneral({ live_chat }: Shape): Problems {
  const { message_threshold: threshold } = live_chat
  const fine = typeof threshold === 'number' && Number.isInteger(threshold) && threshold >= 0
  if (fine && threshold <= MOST_MESSAGES) return {}
  return { 'live_chat.message_threshold': `Expected a whole number from 0 to ${MOST_MESSAGES}.` }
}

function ofMessages({ messages }: Shape): Problems {
  const found: Record<string, string> = ofTexts('messages', messages)
  for (const [language, texts] of Object.entries(messages.translations)) {
    Object.assign(found, ofTexts(`messages.translations.${language}`, texts))
  }
  return found
}

function ofTexts(prefix: string, texts: Texts): Record<string, string> {
  const found: Record<string, string> = {}
  for (const name of TEXTS) {
    const text = texts[name]
    const problem = typeof text === 'string' ? textProblem(name, text) : null
    if (problem) found[`${prefix}.${name}`] = problem
  }
  return found
}

function textProblem(name: TextName, text: string): string | null {
  const most = BUTTONS.includes(name) ? BUTTON : LONGEST
  const { length } = Array.from(text) // an emoji counts as one, as it does for the service
  if (name !== 'greeting' && text.trim() === '') return 'Expected a text that is not blank.'
  if (length > most) return `Expected at most ${most} characters, found ${length}.`
  const known = WITH_OPENING.includes(name) ? ['{next_opening}'] : []
  const strange = (text.match(/\{[^{}]*\}/g) ?? []).find((placeholder) => !known.includes(placeholder))
  if (!strange) return null
  return known.length > 0
    ? `Expected {next_opening} or no placeholder, found ${strange}.`
    : `Expected no placeholder, found ${strange}.`
}

function ofHours({ business_hours: hours }: Shape): Problems {
  const found: Record<string, string> = {}
  if (!isStart(hours.start)) found['business_hours.start'] = 'Expected a time such as 09:00.'
  if (!isEnd(hours.end)) found['business_hours.end'] = 'Expected a time such as 17:00, or 24:00.'
  else if (hours.start === hours.end) {
    found['business_hours.end'] =
      'Expected another time than the start. For the whole day use 00:00 and 24:00.'
  }
  if (hours.timezone.trim() === '')
    found['business_hours.timezone'] = 'Expected a zone such as Europe/Berlin.'
  for (const day of WEEK) Object.assign(found, ofDay(`business_hours.weekly.${day}`, hours.weekly[day] ?? []))
  return { ...found, ...ofSpecialDays(hours.exceptions) }
}

function ofDay(key: string, spans: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {}
  for (const [n, span] of spans.entries()) {
    const { start, end } = splitSpan(span)
    const problem = spanProblem(start, end)
    if (problem) found[`${key}[${n}]`] = problem
  }
  const late = Object.keys(found).length ? null : overlapping(spans)
  if (late !== null) found[`${key}[${late}]`] = 'Overlaps another interval of this day.'
  return found
}

function ofSpecialDays(days: Shape['business_hours']['exceptions']): Record<string, string> {
  const found: Record<string, string> = {}
  const seen = new Set<string>()
  for (const [n, { date, open }] of days.entries()) {
    const key = `business_hours.exceptions[${n}]`
    if (!/^\d{4}-\d\d-\d\d$/.test(date)) found[`${key}.date`] = 'Expected a date.'
    else if (seen.has(date)) found[`${key}.date`] = 'Expected each date once.'
    seen.add(date)
    Object.assign(found, ofDay(`${key}.open`, open))
  }
  return found
}

/** The service's own words, as a sentence. */
export function sentence(words: string): string {
  const text = words.charAt(0).toUpperCase() + words.slice(1)
  return text === '' || /[.?!)]$/.test(text) ? text : `${text}.`
}
