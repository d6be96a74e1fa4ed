import { Icon, type IconName } from '../../ui/icons'
import type { Card, InboxRow } from '../state/wire'
import { Section } from './context'
import { percent, plainName, triggerWords } from './words'

const rules: Record<string, string> = {
  request: 'Explicit request',
  low_confidence: 'Low confidence',
  repeated_answer: 'Same answer twice',
  failed_action: 'Action failed',
}

const triggers: Record<NonNullable<InboxRow['trigger']>, IconName> = {
  button: 'user',
  words: 'chat',
  bot: 'bot',
  contact_form: 'form',
  agent: 'user',
}

/** Why a person is needed: the trigger, the reason in words, the rule that fired and how sure the assistant was. */
export function Why({ row, card }: { row: InboxRow; card: Card | null }) {
  // The button's reason only repeats the trigger.
  const reason = card?.reason ?? (row.trigger === 'button' ? null : row.reason)
  return (
    <Section title="Why it escalated">
      <p class="why">
        <Icon name={row.trigger ? triggers[row.trigger] : 'bot'} size={16} /> {triggerWords(row)}
      </p>
      {reason && <p class="why-reason">{reason}</p>}
      {card?.rule && (
        <dl class="pairs">
          <div>
            <dt>Rule</dt>
            <dd>{rules[card.rule] ?? plainName(card.rule)}</dd>
          </div>
          {card.confidence !== null && (
            <div>
              <dt>Confidence</dt>
              <dd class="digits">{percent(card.confidence)}</dd>
            </div>
          )}
        </dl>
      )}
    </Section>
  )
}

/** How the assistant read the last lines, each with the two readings it was weighed against. */
export function Intents({ intents }: { intents: Card['intents'] }) {
  return (
    <Section title="How the assistant read it">
      <ol class="intents">
        {intents.map(({ text, intent, confidence, rivals }, index) => (
          <li key={index}>
            {text && <q>{text}</q>}
            <Reading intent={intent} confidence={confidence} />
            {rivals.slice(0, 2).map((rival) => (
              <Reading key={rival.intent} intent={rival.intent} confidence={rival.confidence} rival />
            ))}
          </li>
        ))}
      </ol>
    </Section>
  )
}

function Reading({
  intent,
  confidence,
  rival = false,
}: {
  intent: string
  confidence: number
  rival?: boolean
}) {
  return (
    <div class={`reading${rival ? ' rival' : ''}`}>
      <span>{plainName(intent)}</span>
      <meter min={0} max={1} value={confidence} aria-label={`Confidence in ${plainName(intent)}`} />
      <span class="digits">{percent(confidence)}</span>
    </div>
  )
}

export function Slots({ card: { slots, missing_slots, active_form } }: { card: Card }) {
  return (
    <Section title="What it knew">
      {active_form && (
        <p class="form-line">
          <Icon name="form" size={16} /> In the form <strong>{plainName(active_form.name)}</strong>
          {active_form.requested_slot && <>, asking for {plainName(active_form.requested_slot)}</>}
        </p>
      )}
      <dl class="pairs">
        {slots.map(({ name, value }) => (
          <div key={name}>
            <dt>{plainName(name)}</dt>
            <dd>{valueWords(value)}</dd>
          </div>
        ))}
        {missing_slots.map((name) => (
          <div key={name} class="missing">
            <dt>{plainName(name)}</dt>
            <dd>missing</dd>
          </div>
        ))}
      </dl>
    </Section>
  )
}

export function FailedTurns({ turns }: { turns: Card['failed_turns'] }) {
  return (
    <Section title="Where it failed">
      <ol class="failed-turns">
        {turns.map(({ text, answer, why }, index) => (
          <li key={index}>
            <q>{text}</q>
            {answer && <p class="answer">{answer}</p>}
            {why && <p class="muted small">{why}</p>}
          </li>
        ))}
      </ol>
    </Section>
  )
}

function valueWords(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return JSON.stringify(value)
}
