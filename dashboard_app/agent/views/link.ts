/** A link that the page follows by itself; with Ctrl, ⌘ or the middle button the browser opens it as ever. */
export function link(follow: () => void): (event: MouseEvent) => void {
  return (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return
    event.preventDefault()
    follow()
  }
}
