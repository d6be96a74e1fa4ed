import { Avatar } from '../../ui/avatar'
import { Icon } from '../../ui/icons'
import { openRow } from '../state/commands'
import type { Desk } from '../state/desk'
import { customerName } from '../state/names'
import { belongs, keyOf } from '../state/order'
import { toPath, type ListName } from '../state/route'
import type { InboxRow } from '../state/wire'
import { ChannelIcon } from './channel'
import { link } from './link'
import { WaitChip } from './wait'
import { fullTime, shortWhen } from './when'
import { outcomeWords } from './words'

interface RowProps {
  desk: Desk
  list: ListName
  row: InboxRow
}

export function Row({ desk, list, row }: RowProps) {
  const { route } = desk.parts.router
  const key = keyOf(row)
  const here = route.value.conversation === row.conversation_id
  const gone = !belongs(row, list, desk.agent.id)
  const unread = row.unread > 0 && !here
  return (
    <li class={`row${unread ? ' unread' : ''}${gone ? ' gone' : ''}`}>
      <a
        class="row-link"
        href={toPath({ list, conversation: row.conversation_id })}
        aria-current={here ? 'true' : undefined}
        data-cursor={desk.cursor.value === key ? '' : undefined}
        onClick={link(() => openRow(desk, row))}
      >
        <Avatar name={customerName(row.customer)} seed={row.customer.id} />
        <span class="row-line">
          <span class="row-name">{customerName(row.customer)}</span>
          <ChannelIcon channel={row.channel} />
          <span class="space" />
          <RowState desk={desk} row={row} gone={gone} />
        </span>
        <span class="row-line">
          <RowPreview desk={desk} row={row} />
          <RowMark row={row} unread={unread} list={list} />
        </span>
      </a>
    </li>
  )
}

function RowState({ desk, row, gone }: { desk: Desk; row: InboxRow; gone: boolean }) {
  const now = desk.ticker.now.value
  if (gone) return <span class="chip">{goneWords(row)}</span>
  if (row.waiting_since && row.status !== 'resolved')
    return <WaitChip desk={desk} since={row.waiting_since} />
  const at = row.resolved_at ?? row.preview?.at ?? row.requested_at
  if (!at) return null
  return (
    <time class="row-time" dateTime={at} title={fullTime(at)}>
      {shortWhen(at, now)}
    </time>
  )
}

function RowPreview({ desk, row }: { desk: Desk; row: InboxRow }) {
  const { reply, note } = desk.drafts.of(row.conversation_id)
  const files = desk.files.drafted(row.conversation_id).length
  const draft = (reply || note).trim() || fileWords(files)
  if (draft !== '') {
    return (
      <span class="row-preview">
        <strong class="draft-mark">Draft</strong> {draft}
      </span>
    )
  }
  // The team's own automatic lines say nothing about this customer; why they wait does.
  if (!row.preview || row.preview.actor === 'system')
    return <span class="row-preview">{row.reason ?? ''}</span>
  return (
    <span class="row-preview">
      {speaker(row, desk.agent.id)}
      {row.preview.text}
    </span>
  )
}

function fileWords(count: number): string {
  if (count === 0) return ''
  return count === 1 ? '1 file' : `${count} files`
}

function RowMark({ row, unread, list }: { row: InboxRow; unread: boolean; list: ListName }) {
  const colleague = row.status === 'claimed' && list !== 'mine' ? row.claimed_by : null
  return (
    <span class="row-mark">
      {row.priority > 0 && row.status === 'pending' && <span class="chip wait-late">Again</span>}
      {row.failed > 0 && (
        <span class="chip wait-late" title="A message was not delivered">
          <Icon name="error" size={14} /> Failed
          <span class="quiet"> to deliver</span>
        </span>
      )}
      {row.away && <span class="chip wait-soon">Away</span>}
      {row.offered && (
        <span class="chip" title="Live chat closed while they waited; the assistant answers them meanwhile">
          Offered the form
        </span>
      )}
      {row.status === 'resolved' && <span class="row-outcome">{outcomeWords(row)}</span>}
      {colleague && (
        <span class="row-colleague">
          <Icon name="user" size={14} /> {colleague.name.split(' ')[0]}
        </span>
      )}
      {unread && (
        <span class="unread-dot">
          {row.unread > 99 ? '99+' : row.unread}
          <span class="quiet"> unread</span>
        </span>
      )}
    </span>
  )
}

function speaker({ preview, claimed_by }: InboxRow, me: string): string {
  switch (preview?.actor) {
    case 'bot':
      return 'Bot: '
    case 'agent':
      return claimed_by?.id === me ? 'You: ' : `${preview.name?.split(' ')[0] ?? 'Agent'}: `
    default:
      return ''
  }
}

function goneWords({ status, claimed_by, holder }: InboxRow): string {
  if (status === 'claimed') return `${claimed_by?.name.split(' ')[0] ?? 'A colleague'} took it`
  if (status === 'pending') return 'Waiting again'
  return status === 'resolved' || holder === 'bot' ? 'Resolved' : 'Moved'
}
