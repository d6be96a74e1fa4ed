import { Icon } from '../../ui/icons'
import type { Desk } from '../state/desk'
import type { Tab } from '../state/drafts'
import type { Thread } from '../state/thread'
import { canPost, post, windowOfThread } from '../state/writing'
import { AttachButton, DraftedFiles, pasted } from './attach'
import { ClosedWindow, FootNotes } from './foot_notes'
import { useWanted } from './focus'

interface ComposerProps {
  desk: Desk
  thread: Thread
  tabs: readonly Tab[]
}

const names: Record<Tab, string> = { reply: 'Reply', note: 'Private note' }

export function Composer({ desk, thread, tabs }: ComposerProps) {
  const tab = tabs.includes(desk.tab.value) ? desk.tab.value : (tabs[0] ?? 'note')
  const text = desk.drafts.of(thread.id)[tab]
  const over = tab === 'reply' && windowOfThread(desk, thread)?.over === true
  return (
    <footer class={`foot composer-foot tab-${tab}`}>
      {tab === 'reply' && <FootNotes desk={desk} thread={thread} />}
      <div class="composer">
        <div class="composer-tabs">
          {tabs.map((name) => (
            <button
              key={name}
              type="button"
              class="composer-tab"
              aria-pressed={tab === name}
              title={`${names[name]} (${name === 'reply' ? 'R' : 'N'})`}
              onClick={() => {
                desk.tab.value = name
                desk.focus.ask('composer')
              }}
            >
              {name === 'note' && <Icon name="note" size={14} />} {names[name]}
            </button>
          ))}
          {tab === 'note' && <span class="note-hint">Only your team sees this</span>}
          {tabs.length === 1 && (
            <button type="button" class="link" onClick={() => (desk.noting.value = false)}>
              Cancel
            </button>
          )}
        </div>
        {over ? (
          <ClosedWindow desk={desk} thread={thread} />
        ) : (
          <>
            <Field desk={desk} thread={thread} tab={tab} text={text} />
            {tab === 'reply' && <DraftedFiles desk={desk} thread={thread} />}
            <Bottom desk={desk} thread={thread} tab={tab} />
          </>
        )}
      </div>
    </footer>
  )
}

interface FieldProps {
  desk: Desk
  thread: Thread
  tab: Tab
  text: string
}

function Field({ desk, thread, tab, text }: FieldProps) {
  const field = useWanted<HTMLTextAreaElement>(desk, 'composer')
  const name = thread.about.value?.customer.name?.split(' ')[0] ?? 'the customer'
  const { enterSends } = desk.parts.preferences.value.value
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.isComposing || event.shiftKey) return
    if (!enterSends && !event.ctrlKey && !event.metaKey) return
    event.preventDefault()
    post(desk, thread)
  }
  return (
    <textarea
      ref={field}
      rows={1}
      value={text}
      maxLength={8000}
      aria-label={tab === 'reply' ? `Reply to ${name}` : 'Private note'}
      placeholder={tab === 'reply' ? `Write to ${name}…` : 'Write a note for your team…'}
      onKeyDown={onKeyDown}
      onPaste={(event) => pasted(event, desk, thread)}
      onInput={(event) => {
        desk.drafts.write(thread.id, tab, event.currentTarget.value)
        if (tab === 'reply') desk.typed()
      }}
    />
  )
}

function Bottom({ desk, thread, tab }: { desk: Desk; thread: Thread; tab: Tab }) {
  const { enterSends } = desk.parts.preferences.value.value
  const hint = enterSends ? 'Enter sends · Shift+Enter for a new line' : 'Ctrl+Enter sends'
  const words = desk.reach.online.value ? hint : 'No connection: what you write is kept and sent later'
  return (
    <div class="composer-bottom">
      {tab === 'reply' && <AttachButton desk={desk} thread={thread} />}
      <span class="muted small composer-hint">{words}</span>
      <button
        type="button"
        class={`button ${tab === 'note' ? 'note-button' : 'primary'}`}
        disabled={!canPost(desk, thread, tab)}
        onClick={() => {
          post(desk, thread)
          desk.focus.ask('composer')
        }}
      >
        {tab === 'note' ? (
          'Add note'
        ) : (
          <>
            <Icon name="send" size={18} /> <span class="send-word">Send</span>
          </>
        )}
      </button>
    </div>
  )
}
