/** What the loader hands to the app: its place on the customer's page, and what the script tag asked for. */
export interface HostPage {
  /** `…/widget/v1` of the service that the loader came from. */
  base: string
  host: HTMLElement
  root: ShadowRoot
  /** The round button that opens and closes the panel. */
  bubble: HTMLButtonElement
  /** data-accent, data-theme, data-locale, data-title, … of the script tag. */
  options: DOMStringMap
  /** Whether the visitor just asked for the panel, rather than coming back to a page where it was open. */
  asked: boolean
}
