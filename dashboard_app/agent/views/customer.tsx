import type { ComponentChildren } from 'preact'
import { Icon, type IconName } from '../../ui/icons'
import type { Desk } from '../state/desk'
import { customerName } from '../state/names'
import { duration } from '../state/wait'
import { windowOf } from '../state/window'
import type { Conversation } from '../state/wire'
import { channelIcon, channelName, channelPlace } from './channel'
import { Section } from './context'
import { fullTime, timeOf } from './when'

/** Who the customer is, where they write, and how long they can be answered there. */
export function CustomerSection({ desk, about }: { desk: Desk; about: Conversation }) {
  const { customer, channel, account, handover } = about
  const { username, email, phone, locale, page } = customer
  return (
    <Section title="Customer">
      <dl class="facts">
        <Fact icon="user" name="Name">
          {customerName(customer)}
        </Fact>
        {username && (
          <Fact icon="at" name="Username">
            <Username channel={channel} username={username} />
          </Fact>
        )}
        {email && (
          <Fact icon="mail" name="Email">
            <a href={`mailto:${email}`}>{email}</a>
          </Fact>
        )}
        {phone && (
          <Fact icon="phone" name="Phone">
            <a href={`tel:${phone.replace(/[^+\d]/g, '')}`}>{phone}</a>
          </Fact>
        )}
        {page && (
          <Fact icon="page" name="Page">
            <PageLink page={page} />
          </Fact>
        )}
        <Fact icon={channelIcon(channel)} name="Channel">
          {channelPlace(channel, account)}
        </Fact>
        <WindowFact desk={desk} until={about.window_until} channel={channel} />
        {about.blocked && (
          <Fact icon="block" name="Blocked">
            <span class="blocked-mark">Has blocked this chat</span>
          </Fact>
        )}
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

/** Telegram's names are addresses, too. */
function Username({ channel, username }: { channel: string; username: string }) {
  if (channel !== 'telegram') return <>@{username}</>
  return (
    <a href={`https://t.me/${encodeURIComponent(username)}`} target="_blank" rel="noopener noreferrer">
      @{username}
    </a>
  )
}

interface WindowFactProps {
  desk: Desk
  until: string | null
  channel: string
}

function WindowFact({ desk, until, channel }: WindowFactProps) {
  const window = windowOf(until, desk.ticker.now.value)
  if (!window) return null
  return (
    <Fact icon={window.over ? 'lock' : 'hourglass'} name={`${channelName(channel)} window`}>
      {window.over ? (
        <span class="window-over">Closed until they write again</span>
      ) : (
        <>
          Open for <span class="digits">{duration(window.left)}</span>
        </>
      )}
    </Fact>
  )
}
