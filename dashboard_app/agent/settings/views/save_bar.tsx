import { Icon } from '../../../ui/icons'
import { nameOf } from '../state/words'
import { idOf } from './field'
import type { StageProps } from './section'
import { showField } from './show'

const MOST = 3

/** Save, Discard, and how it went; it stays in sight while there is something to say. */
export function SaveBar({ stage }: StageProps) {
  const { page } = stage
  const count = page.changes.value.length
  const step = page.step.value
  const problems = Object.keys(page.problems.value)
  const shown = page.mayChange && (count > 0 || step !== 'editing')
  return (
    <div class={`save-bar${shown ? ' shown' : ''}`}>
      <div role="status" class="save-state">
        {step === 'saved' && (
          <span class="good">
            <Icon name="check" size={18} /> Saved. In force now.
          </span>
        )}
        {step !== 'saved' && shown && page.trouble.value && <span class="bad">{page.trouble.value}</span>}
        {step !== 'saved' && shown && !page.trouble.value && problems.length > 0 && (
          <Problems names={problems} />
        )}
        {step !== 'saved' && shown && !page.trouble.value && problems.length === 0 && (
          <span>{count === 1 ? '1 change is not saved' : `${count} changes are not saved`}</span>
        )}
      </div>
      {shown && step !== 'saved' && (
        <>
          <button type="button" class="button" disabled={step === 'saving'} onClick={() => stage.discard()}>
            Discard
          </button>
          <button
            type="button"
            class="button primary"
            title="⌘S or Ctrl+S"
            disabled={step === 'saving'}
            onClick={() => void page.save()}
          >
            {step === 'saving' && <span class="spinner" aria-hidden="true" />}
            {step === 'saving' ? 'Saving…' : 'Save'}
          </button>
        </>
      )}
    </div>
  )
}

function Problems({ names }: { names: string[] }) {
  const more = names.length - MOST
  return (
    <span class="bad problems">
      <Icon name="error" size={18} />
      {names.slice(0, MOST).map((name) => (
        <button
          key={name}
          type="button"
          class="link"
          onClick={() => showField(document.getElementById(idOf(name)))}
        >
          {nameOf(name)}
        </button>
      ))}
      {more > 0 && <span class="more-wide">and {more} more</span>}
      {names.length > 1 && <span class="more-narrow">and {names.length - 1} more</span>}
    </span>
  )
}
