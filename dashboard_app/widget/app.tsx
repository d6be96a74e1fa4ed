/** Puts the chat into the place that the loader made for it, and keeps bubble and panel in step. */
import { render } from 'preact'
import { browserPorts, shelf } from '../connection'
import tokens from '../ui/tokens.css?inline'
import { showBubble } from './bubble'
import { cell, flush, onChange } from './cell'
import { Chat } from './chat'
import type { HostPage } from './host'
import { OPEN } from './keys'
import base from './styles/base.css?inline'
import composer from './styles/composer.css?inline'
import log from './styles/log.css?inline'
import panel from './styles/panel.css?inline'
import { useLocale } from './texts'
import { createModel } from './views/model'
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
  const place = placeIn(root, host.dataset['theme'])
  const draw = (): void => {
    showBubble(bubble, open.value, model.unread.value)
    host.toggleAttribute('data-open', open.value)
    ports.tab.setItem(OPEN, open.value ? '1' : '0')
    render(<Widget model={model} />, place)
  }
  void useLocale([locale]).then(() => {
    onChange(draw)
    draw()
    chat.start()
  })
}

function placeIn(root: ShadowRoot, theme: string | undefined): HTMLElement {
  const place = document.createElement('div')
  place.className = 'lc-root'
  place.dataset['theme'] = theme ?? 'auto'
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, ...[tokens, base, panel, log, composer].map(sheet)]
  root.append(place)
  return place
}

function sheet(text: string): CSSStyleSheet {
  const made = new CSSStyleSheet()
  made.replaceSync(text)
  return made
}
