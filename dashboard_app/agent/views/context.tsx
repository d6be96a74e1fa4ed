import type { ComponentChildren } from 'preact'
import { Icon } from '../../ui/icons'
import { closeDrawer } from '../state/commands'
import type { Desk } from '../state/desk'
import type { Thread } from '../state/thread'
import type { Card, Conversation } from '../state/wire'
import { FailedTurns, Intents, Slots, Why } from './card'
import { CustomerSection } from './customer'
import { useWanted } from './focus'

/** Beside the conversation: why a person is needed, what the assistant knew, and who the customer is. */
export function ContextPane({ desk }: { desk: Desk }) {
  const thread = desk.threads.current.value
  const about = thread?.about.value
  const close = useWanted<HTMLButtonElement>(desk, 'context')
  if (!thread || !about) return null
  return (
    <aside class="context" aria-label="Context">
      <header class="context-head">
        <h2>Context</h2>
        <button type="button" class="icon-button context-close" ref={close} onClick={() => closeDrawer(desk)}>
          <Icon name="close" />
          <span class="quiet">Close</span>
        </button>
      </header>
      <div class="context-body" tabIndex={0} role="region" aria-label="Handover card">
        <Handover thread={thread} about={about} />
        <CustomerSection desk={desk} about={about} />
      </div>
    </aside>
  )
}

export function Section({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="card-section">
      <h3>{title}</h3>
      {children}
    </section>
  )
}

function Handover({ thread, about }: { thread: Thread; about: Conversation }) {
  const { handover: row, card } = about
  return (
    <>
      {row && <Why row={row} card={card} />}
      {card ? <CardSections card={card} /> : thread.cardOnItsWay.value && <CardPending />}
    </>
  )
}

function CardPending() {
  return (
    <Section title="What the assistant knew">
      <p class="card-pending" role="status">
        <span class="spinner" aria-hidden="true" /> The card is on its way.
      </p>
    </Section>
  )
}

function CardSections({ card }: { card: Card }) {
  return (
    <>
      {card.intents.length > 0 && <Intents intents={card.intents} />}
      {(card.slots.length > 0 || card.missing_slots.length > 0 || card.active_form) && <Slots card={card} />}
      {card.failed_turns.length > 0 && <FailedTurns turns={card.failed_turns} />}
    </>
  )
}
