/** Styles for a shadow root: a strict CSP forbids the ones in the page. */
export function sheet(text: string): CSSStyleSheet {
  const made = new CSSStyleSheet()
  made.replaceSync(text)
  return made
}
