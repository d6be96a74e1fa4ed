import type { ComponentChildren } from 'preact'
import { Icon, type IconName } from '../../ui/icons'
import { closeDrawer } from '../state/commands'
import type { Desk } from '../state/desk'
import { customerName } from '../state/names'
import type { Thread } from '../state/thread'
import type { Card, Conversation } from '../state/wire'
import { FailedTurns, Intents, Slots, Why } from './card'
import { channelName } from './channel'
import { useWanted } from './focus'
import { fullTime, timeOf } from './when'

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
        <CustomerSection about={about} />
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

function CustomerSection({ about: { customer, channel, handover } }: { about: Conversation }) {
  const { email, phone, locale, page } = customer
  return (
    <Section title="Customer">
      <dl class="facts">
        <Fact icon="user" name="Name">
          {customerName(customer)}
        </Fact>
        {email && (
          <Fact icon="mail" name="Email">
            <a href={`mailto:${email}`}>{email}</a>
          </Fact>
        )}
        {phone && (
          <Fact icon="phone" name="Phone">
            {phone}
          </Fact>
        )}
        {page && (
          <Fact icon="page" name="Page">
            <PageLink page={page} />
          </Fact>
        )}
        <Fact icon="globe" name="Channel">
          {channelName(channel)}
        </Fact>
        {locale && (
          <Fact icon="language" name="Language">
            {languageName(locale)}
          </Fact>
        )}
        {handover?.requested_at && (
          <Fact icon="clock" name="Asked">
            Asked{' '}
            <time dateTime={handover.requested_at} title={fullTime(handover.requested_at)}>
              {timeOf(handover.requested_at)}
            </time>
          </Fact>
        )}
      </dl>
    </Section>
  )
}

function Fact({ icon, name, children }: { icon: IconName; name: string; children: ComponentChildren }) {
  return (
    <div class="fact">
      <dt title={name}>
        <Icon name={icon} size={16} />
        <span class="quiet">{name}</span>
      </dt>
      <dd>{children}</dd>
    </div>
  )
}

function PageLink({ page }: { page: string }) {
  if (!/^https?:\/\//i.test(page)) return page
  const words = page.replace(/^https?:\/\//i, '').replace(/\/$/, '')
  return (
    <a href={page} target="_blank" rel="noopener noreferrer nofollow">
      {words}
    </a>
  )
}

function languageName(locale: string): string {
  try {
    return new Intl.DisplayNames(undefined, { type: 'language' }).of(locale) ?? locale
  } catch {
    return locale
  }
}
