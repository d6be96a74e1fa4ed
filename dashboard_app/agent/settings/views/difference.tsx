import { useEffect, useRef } from 'preact/hooks'
import { Icon } from '../../../ui/icons'
import type { DifferentKey, Side } from '../state/difference'
import { momentWords, nameOf, valueWords } from '../state/words'
import { authorName } from './history'
import type { StageProps } from './section'

/** Two people saved: what was, theirs, mine. Theirs is in force; what was typed here stands on the page until somebody decides. */
export function DifferenceView({ stage }: StageProps) {
  const { page } = stage
  const difference = page.difference.value
  const head = useRef<HTMLHeadingElement>(null)
  const version = difference?.version
  useEffect(() => head.current?.focus(), [version])
  if (!difference) return null
  const rows = page.differentKeys.value
  const who = authorName(difference.by.author)
  const undecided = rows.every(({ chosen, was, mine }) => chosen === 'mine' || sameWords(was, mine))
  return (
    <section class="difference" aria-labelledby="difference-title">
      <h2 id="difference-title" tabIndex={-1} ref={head}>
        <Icon name="alert" size={18} /> {who} saved while you were here
      </h2>
      <p>
        Version {difference.version} is in force
        {difference.by.at && ` since ${momentWords(difference.by.at)}`}. Nothing of yours is lost: choose for
        each setting, or for all.
      </p>
      <ul class="different">
        {rows.map((row) => (
          <Row key={row.key} row={row} who={who} onChoose={(side) => page.choose(row.key, side)} />
        ))}
      </ul>
      <div class="difference-buttons">
        <button type="button" class="button" onClick={() => stage.discard()}>
          Take theirs
        </button>
        <button
          type="button"
          class="button primary"
          disabled={!page.dirty || page.step.value === 'saving'}
          onClick={() => void page.save()}
        >
          {undecided ? 'Keep mine and save over it' : 'Save what is chosen'}
        </button>
      </div>
    </section>
  )
}

const sameWords = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

function Row({ row, who, onChoose }: { row: DifferentKey; who: string; onChoose: (side: Side) => void }) {
  const { key, was, theirs, mine, chosen } = row
  const name = nameOf(key)
  return (
    <li class="different-key">
      <h3 title={key}>{name}</h3>
      <dl>
        <div>
          <dt>Was</dt>
          <dd>{valueWords(key, was)}</dd>
        </div>
        <div class={chosen === 'theirs' ? 'chosen' : ''}>
          <dt>{who === 'livechat.yml' ? 'In the file' : 'Theirs'}</dt>
          <dd>{valueWords(key, theirs)}</dd>
        </div>
        <div class={chosen === 'mine' ? 'chosen' : ''}>
          <dt>Yours</dt>
          <dd>{valueWords(key, mine)}</dd>
        </div>
      </dl>
      <fieldset class="sides">
        <legend class="quiet">{name}</legend>
        <label class="side">
          <input
            type="radio"
            name={`side-${key}`}
            checked={chosen === 'theirs'}
            onChange={() => onChoose('theirs')}
          />
          <span>Theirs</span>
        </label>
        <label class="side">
          <input
            type="radio"
            name={`side-${key}`}
            checked={chosen === 'mine'}
            onChange={() => onChoose('mine')}
          />
          <span>Mine</span>
        </label>
      </fieldset>
    </li>
  )
}
