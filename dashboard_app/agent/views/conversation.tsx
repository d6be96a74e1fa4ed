import { Avatar } from '../../ui/avatar'
import { Icon } from '../../ui/icons'
import { back, contextShown, fold, release, resolve, resolveAndNext } from '../state/commands'
import type { Desk } from '../state/desk'
import { customerName } from '../state/names'
import type { Thread } from '../state/thread'
import type { Conversation } from '../state/wire'
import { ChannelIcon, channelName } from './channel'
import { DropPlace, useDrop } from './drop'
import { NoConversation } from './empty'
import { useWanted } from './focus'
import { FootView } from './foot'
import { Log } from './log'
import { Stopped } from './stopped'
import { WaitChip } from './wait'

export function ConversationPane({ desk }: { desk: Desk }) {
  const thread = desk.threads.current.value
  const { over, handlers } = useDrop(desk, thread)
  return (
    <main class="conversation" aria-label="Conversation" {...handlers}>
      {over && <DropPlace />}
      {thread ? <Open key={thread.id} desk={desk} thread={thread} /> : <NoConversation desk={desk} />}
    </main>
  )
}

function Open({ desk, thread }: { desk: Desk; thread: Thread }) {
  switch (thread.stage.value) {
    case 'missing':
      return <Trouble desk={desk} title="This conversation is not there (any more)." />
    case 'failed':
      return (
        <Trouble
          desk={desk}
          title="The conversation can’t be read right now."
          retry={() => void desk.threads.read(thread)}
        />
      )
    case 'loading':
    case 'ready':
      return (
        <>
          <Head desk={desk} thread={thread} />
          <Log desk={desk} thread={thread} />
          <Stopped desk={desk} thread={thread} />
          <FootView desk={desk} thread={thread} />
        </>
      )
  }
}

function Trouble({ desk, title, retry }: { desk: Desk; title: string; retry?: () => void }) {
  return (
    <div class="empty no-conversation" role="status">
      <p class="empty-title">{title}</p>
      {retry && (
        <button type="button" class="button primary" onClick={retry}>
          Try again
        </button>
      )}
      <button type="button" class="button" onClick={() => back(desk)}>
        Back to the list
      </button>
    </div>
  )
}

function Head({ desk, thread }: { desk: Desk; thread: Thread }) {
  const about = thread.about.value
  const row = about?.handover
  const context = useWanted<HTMLButtonElement>(desk, 'head')
  return (
    <header class="conversation-head">
      <button type="button" class="icon-button only-narrow" title="Back (Esc)" onClick={() => back(desk)}>
        <Icon name="back" />
        <span class="quiet">Back to the list</span>
      </button>
      {about && <Avatar name={customerName(about.customer)} seed={about.customer.id} />}
      <div class="conversation-who">
        <h2>{about ? customerName(about.customer) : ' '}</h2>
        <p class="muted small conversation-place">{about && <Place about={about} />}</p>
      </div>
      {row?.waiting_since && row.status !== 'resolved' && <WaitChip desk={desk} since={row.waiting_since} />}
      <span class="space" />
      {desk.holds(thread) && <HolderActions desk={desk} thread={thread} />}
      <button
        type="button"
        class="icon-button"
        title="Context (])"
        ref={context}
        aria-expanded={contextShown(desk)}
        onClick={() => fold(desk)}
      >
        <Icon name="panel" />
        <span class="quiet">Show or hide the context</span>
      </button>
    </header>
  )
}

function Place({ about }: { about: Conversation }) {
  return (
    <>
      <ChannelIcon channel={about.channel} named={false} />
      <span class="place-channel">{channelName(about.channel)}</span>
      {about.channel !== 'web' && (
        <span class="place-account" title={about.account}>
          · {about.account}
        </span>
      )}
      {about.blocked && (
        <span class="blocked-mark">
          <Icon name="block" size={14} /> Blocked
        </span>
      )}
    </>
  )
}

function HolderActions({ desk, thread }: { desk: Desk; thread: Thread }) {
  const offline = !desk.reach.online.value
  const busy = desk.resolving.busy.value === thread.id
  const why = offline ? 'Not while the connection is away' : undefined
  return (
    <>
      <button
        type="button"
        class="button quiet-button"
        disabled={offline}
        title={why ?? 'Back to the queue'}
        onClick={() => void release(desk, thread)}
      >
        <Icon name="queue" size={18} />
        <span class="wide-only">Back to queue</span>
        <span class="quiet narrow-name">Back to queue</span>
      </button>
      <span class="button-pair">
        <button
          type="button"
          class="button strong"
          disabled={offline || busy}
          title={why ?? 'Resolve (E)'}
          onClick={() => void resolve(desk, thread)}
        >
          <Icon name="check" size={18} /> Resolve
        </button>
        <button
          type="button"
          class="button strong"
          disabled={offline || busy}
          title={why ?? 'Resolve and go to the next (Shift+E)'}
          onClick={() => void resolveAndNext(desk, thread)}
        >
          <span class="quiet">Resolve </span>&amp; next
        </button>
      </span>
    </>
  )
}
