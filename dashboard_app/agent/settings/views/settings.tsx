import { useEffect, useMemo, useRef } from 'preact/hooks'
import { Icon } from '../../../ui/icons'
import type { Desk } from '../../state/desk'
import { Stage } from '../stage'
import { momentWords } from '../state/words'
import type { Loaded } from '../wire'
import { DifferenceView } from './difference'
import { ForesightView } from './foresight'
import { General } from './general'
import { authorName, HistoryPart } from './history'
import { Hours } from './hours'
import { LeaveDialog } from './leave'
import { Messages } from './messages'
import { Notifications } from './notifications'
import { SaveBar } from './save_bar'
import type { StageProps } from './section'
import { showFirstWrong } from './show'

const parts = [
  { id: 'general', name: 'General' },
  { id: 'messages', name: 'Messages' },
  { id: 'business-hours', name: 'Business Hours' },
  { id: 'time-machine', name: 'Time machine' },
  { id: 'notifications', name: 'Notifications' },
  { id: 'history', name: 'History' },
] as const

/** Live Chat → Settings. */
export function SettingsView({ desk, loaded }: { desk: Desk; loaded: Loaded }) {
  const stage = useMemo(() => new Stage(desk, loaded), [desk])
  const root = useRef<HTMLDivElement>(null)
  useEffect(() => () => stage.close(), [stage])
  useKeyboard(stage)
  useUnloadGuard(stage)
  const { wrong } = stage.page
  useEffect(() => {
    if (wrong.value > 0) showFirstWrong(root.current)
  }, [wrong.value])
  useEffect(() => showPart(location.hash.slice(1)), [])
  return (
    <div class="settings" ref={root}>
      <div class="settings-scroll">
        <header class="settings-head">
          <h1>Settings</h1>
          <PartLinks />
        </header>
        <div class="settings-body">
          <Notes stage={stage} />
          <DifferenceView stage={stage} />
          <div class="settings-parts">
            <General stage={stage} />
            <Messages stage={stage} />
            <Hours stage={stage} />
            <ForesightView stage={stage} />
            <Notifications stage={stage} />
            <HistoryPart stage={stage} />
          </div>
        </div>
      </div>
      <SaveBar stage={stage} />
      <LeaveDialog stage={stage} />
    </div>
  )
}

function PartLinks() {
  return (
    <nav class="part-links" aria-label="Parts of the settings">
      {parts.map(({ id, name }) => (
        <a
          key={id}
          href={`#${id}`}
          onClick={(event) => {
            event.preventDefault()
            showPart(id)
          }}
        >
          {name}
        </a>
      ))}
    </nav>
  )
}

function showPart(id: string): void {
  const head = document.getElementById(`${id}-title`)
  head?.scrollIntoView({ block: 'start' })
  head?.focus({ preventScroll: true })
}

/** What everybody should know before they change something. */
function Notes({ stage: { page } }: StageProps) {
  const { file_error: error } = page.base.value
  const news = page.step.value === 'saving' ? null : page.news.value
  return (
    <div class="settings-notes" role="status">
      {!page.mayChange && (
        <p class="note-box">
          <Icon name="lock" size={18} /> Owners and admins can change this.
        </p>
      )}
      {error && (
        <p class="note-box warn-box">
          <Icon name="alert" size={18} />
          <span>
            livechat.yml is not in force; the settings below are. <code>{error}</code>
          </span>
        </p>
      )}
      {news && (
        <p class="note-box warn-box">
          <Icon name="alert" size={18} />
          <span>
            {authorName(news.author)} saved version {news.version}
            {news.at && ` at ${momentWords(news.at)}`}. Your changes are still here.
          </span>
          <button type="button" class="button small-button" onClick={() => page.compare()}>
            Show the difference
          </button>
        </p>
      )}
    </div>
  )
}

/** ⌘S and Ctrl+S save; a time that is half typed is tidied first, as on leaving its field. */
function useKeyboard(stage: Stage): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (
        event.key.toLowerCase() !== 's' ||
        !(event.ctrlKey || event.metaKey) ||
        event.altKey ||
        event.shiftKey
      )
        return
      event.preventDefault()
      const field = document.activeElement
      if (field instanceof HTMLInputElement) {
        field.blur()
        field.focus()
      }
      void stage.page.save()
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [stage])
}

function useUnloadGuard(stage: Stage): void {
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent): void => {
      if (stage.page.dirty) event.preventDefault()
    }
    addEventListener('beforeunload', ask)
    return () => removeEventListener('beforeunload', ask)
  }, [stage])
}
