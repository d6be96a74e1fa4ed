import { Icon } from '../../../ui/icons'
import { momentWords, nameOf, valueWords } from '../state/words'
import type { Change, Version } from '../wire'
import { More } from './more'
import type { StageProps } from './section'

/** Who changed what and when; read once somebody looks. */
export function HistoryPart({ stage: { history, page } }: StageProps) {
  const { version, at, author } = page.base.value
  return (
    <section class="part" id="history" aria-labelledby="history-title">
      <h2 id="history-title" tabIndex={-1}>
        Who changed what and when
      </h2>
      <p class="part-about">
        Version {version} is in force{at && `, since ${momentWords(at)}, by ${authorName(author)}`}.
      </p>
      <details
        class="fold"
        onToggle={(event) => {
          if (event.currentTarget.open && !history.items.peek()) void history.load()
        }}
      >
        <summary>All versions</summary>
        <div class="fold-body">
          <More pages={history} none="Nothing has been changed yet.">
            {(versions: Version[]) => (
              <ol class="versions">
                {versions.map((one) => (
                  <VersionView key={one.version} version={one} />
                ))}
              </ol>
            )}
          </More>
        </div>
      </details>
    </section>
  )
}

export const authorName = (author: Version['author']): string => author?.name ?? 'livechat.yml'

function VersionView({ version: { version, at, author, changes } }: { version: Version }) {
  return (
    <li class="version">
      <p class="version-head">
        <strong>{authorName(author)}</strong>
        <span class="muted">
          {momentWords(at)} · version {version}
        </span>
      </p>
      {changes.length === 0 ? (
        <p class="muted small">No value was changed.</p>
      ) : (
        <ul>
          {changes.map((change) => (
            <ChangeView key={change.key} change={change} />
          ))}
        </ul>
      )}
    </li>
  )
}

function ChangeView({ change: { key, before, after } }: { change: Change }) {
  return (
    <li class="change">
      <span class="change-key" title={key}>
        {nameOf(key)}
      </span>
      <span class="change-values">
        <del>{valueWords(key, before)}</del>
        <Icon name="next" size={14} />
        <span class="quiet"> became </span>
        <ins>{valueWords(key, after)}</ins>
      </span>
    </li>
  )
}
