/** Puts the chat into the place that the loader made for it, and keeps bubble and panel in step. */
import { render } from 'preact'
import { browserPorts, shelf } from '../connection'
import { showBubble } from './bubble'
import { cell, flush, onChange } from './cell'
import { Chat } from './chat'
import type { HostPage } from './host'
import { OPEN } from './keys'
import { sheet } from './sheet'
import css from './styles/all.css?inline'
import { useLocale } from './texts'
import { createModel, type Model } from './views/model'
import { Widget } from './views/panel'

export function mount({ base: service, host, root, bubble, options, asked }: HostPage): void {
  const ports = browserPorts()
  const locale = (options['locale'] ?? navigator.language).slice(0, 35)
  const page = (location.origin + location.pathname).slice(0, 500)
  const chat = new Chat({ ports, base: service, shelf: shelf(() => localStorage), page, locale })
  const open = cell(asked || ports.tab.getItem(OPEN) === '1')
  const close = (): void => {
    open.value = false
    flush() // On a phone the bubble is hidden until then.
    bubble.focus()
  }
  const model = createModel({ chat, title: options['title'] ?? null, open, focusInput: asked, close })
  bubble.onclick = () => {
    if (open.value) close()
    else {
      model.focusInput = true
      open.value = true
    }
  }
  model.leaveDetails = () => openForm(model, root)
  const place = placeIn(root, host.dataset['theme'])
  const loadFiles = filesLoader(model, root)
  const draw = (): void => {
    showBubble(bubble, open.value, model.unread.value)
    host.toggleAttribute('data-open', open.value)
    ports.tab.setItem(OPEN, open.value ? '1' : '0')
    render(<Widget model={model} />, place)
    loadFiles()
  }
  void useLocale([locale]).then(() => {
    onChange(draw)
    draw()
    chat.start()
  })
}

/** The part that shows and sends files is loaded when it is needed first. */
function filesLoader(model: Model, root: ShadowRoot): () => void {
  let begun = false
  return () => {
    const { chat, open, files } = model
    const { max_file_bytes = 0 } = chat.around.value?.config ?? {}
    const needed = max_file_bytes > 0 || chat.events.value.some(({ attachments }) => attachments.length > 0)
    if (begun || !open.value || !needed) return
    begun = true
    import('./files')
      .then((part) => part.start(model, root))
      .then(
        (part) => (files.value = part),
        () => (begun = false),
      )
  }
}

/** The form's part is loaded when it is wanted; where that fails, the visitor may try again. */
function openForm(model: Model, root: ShadowRoot): void {
  import('./form')
    .then((part) => part.start(model, root))
    .then(
      (form) => (model.form.value = form),
      () => (model.asking.state.value = { kind: 'failed' }),
    )
}

function placeIn(root: ShadowRoot, theme: string | undefined): HTMLElement {
  const place = document.createElement('div')
  place.className = 'lc-root'
  place.dataset['theme'] = theme ?? 'auto'
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet(css)]
  root.append(place)
  return place
}
