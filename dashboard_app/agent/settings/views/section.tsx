import type { ComponentChildren } from 'preact'
import type { Stage } from '../stage'
import type { SettingsPage } from '../state/page'

export interface StageProps {
  stage: Stage
}

interface SectionProps {
  id: string
  title: string
  page: SettingsPage
  about?: string
  /** Stands above the fields and is never switched off. */
  before?: ComponentChildren
  /** Below the fields, likewise. */
  after?: ComponentChildren
  children?: ComponentChildren
}

/** A part of the page. Its fields are locked as one for those who may only look. */
export function Section({ id, title, page, about, before, after, children }: SectionProps) {
  return (
    <section class="part" id={id} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`} tabIndex={-1}>
        {title}
      </h2>
      {about && <p class="part-about">{about}</p>}
      {before}
      {children && (
        <fieldset class="fields" disabled={!page.mayChange} aria-labelledby={`${id}-title`}>
          {children}
        </fieldset>
      )}
      {after}
    </section>
  )
}
