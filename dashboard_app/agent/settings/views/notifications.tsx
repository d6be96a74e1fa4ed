import { Icon } from '../../../ui/icons'
import { sentence } from '../state/problems'
import { momentWords } from '../state/words'
import type { MailRow } from '../wire'
import { SwitchField } from './field'
import { More } from './more'
import { Section, type StageProps } from './section'

export function Notifications({ stage }: StageProps) {
  const { page } = stage
  return (
    <Section id="notifications" title="Notifications" page={page} after={<MailPart stage={stage} />}>
      <SwitchField
        page={page}
        name="notifications.email.enabled"
        label="Email notifications"
        help="On each new handover, one mail to every owner of the team. Many at once are told together."
      />
    </Section>
  )
}

function MailPart({ stage }: StageProps) {
  const { mail, may_change } = stage.page.base.value
  return (
    <div class="mail">
      <h3>Who gets them</h3>
      {mail.owners.length === 0 ? (
        <p class="note-line">
          <Icon name="alert" size={16} /> The team has no owner: nobody is told.
        </p>
      ) : (
        <ul class="owners">
          {mail.owners.map(({ name, email }) => (
            <li key={email}>
              <strong>{name}</strong> <span class="muted">{email}</span>
            </li>
          ))}
        </ul>
      )}
      {mail.configured ? (
        <p class="help">Sent from {mail.sender ?? 'the address of the mail server'}.</p>
      ) : (
        <p class="note-line">
          <Icon name="alert" size={16} />
          <span>
            No mail server is set up (<code>LIVECHAT_SMTP_URL</code>): mails wait, and go out once there is
            one.
          </span>
        </p>
      )}
      {may_change && (
        <>
          <TestMail stage={stage} />
          <MailLog stage={stage} />
        </>
      )}
    </div>
  )
}

function TestMail({ stage: { testMail, mails } }: StageProps) {
  const outcome = testMail.outcome.value
  const send = async (): Promise<void> => {
    await testMail.send()
    if (mails.items.peek()) void mails.load()
  }
  return (
    <div class="test-mail">
      <button type="button" class="button" disabled={testMail.busy.value} onClick={() => void send()}>
        {testMail.busy.value ? <span class="spinner" aria-hidden="true" /> : <Icon name="mail" size={16} />}
        Send a test mail
      </button>
      <span role="status">
        {testMail.busy.value && 'Sending…'}
        {testMail.trouble.value && <span class="bad">{testMail.trouble.value}</span>}
        {outcome?.state === 'sent' && <span class="good">Sent to {outcome.to}.</span>}
        {outcome?.state === 'waiting' && (
          <span class="bad">
            It waits. {sentence(outcome.error ?? 'The mail server has not answered')} It goes to {outcome.to}{' '}
            as soon as it can.
          </span>
        )}
        {outcome?.state === 'failed' && <span class="bad">Not sent. {sentence(outcome.error ?? '')}</span>}
      </span>
    </div>
  )
}

const states: Record<MailRow['state'], { words: string; tone: string }> = {
  waiting: { words: 'Waiting', tone: 'warned' },
  sending: { words: 'Sending', tone: 'warned' },
  sent: { words: 'Sent', tone: 'good' },
  failed: { words: 'Given up', tone: 'bad' },
  dropped: { words: 'Not needed', tone: 'muted' },
}

/** What a mail that has no subject yet is about. */
const kinds: Record<MailRow['kind'], string> = {
  handover: 'A new handover',
  digest: 'Several handovers',
  answer: 'An agent’s answer',
  test: 'A test mail',
}

function MailLog({ stage: { mails } }: StageProps) {
  return (
    <details
      class="fold"
      onToggle={(event) => {
        if (event.currentTarget.open) void mails.load()
      }}
    >
      <summary>Delivery log</summary>
      <div class="fold-body">
        <More pages={mails} none="No mail has been sent yet.">
          {(rows: MailRow[]) => (
            <ul class="mail-log">
              {rows.map((row) => (
                <MailLine key={row.id} row={row} />
              ))}
            </ul>
          )}
        </More>
      </div>
    </details>
  )
}

function MailLine({ row }: { row: MailRow }) {
  const { words, tone } = states[row.state]
  return (
    <li>
      <span class={`mail-state ${tone}`}>{words}</span>
      <span class="mail-what">
        <span>{row.subject ?? kinds[row.kind]}</span>
        <span class="muted small">
          {row.to} · {momentWords(row.sent_at ?? row.created_at)}
          {row.attempts > 1 && ` · ${row.attempts} tries`}
        </span>
        {row.error && <span class="small bad">{row.error}</span>}
      </span>
    </li>
  )
}
