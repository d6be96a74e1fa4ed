/**
 * The one script tag of a customer's site. It draws the bubble and fetches the app when the visitor opens it, or at
 * once where a conversation is already going on. No markup and no inline style: it works under a strict CSP with
 * Trusted Types. Everything else is found relative to the script's own address.
 */
import type { HostPage } from './host'
import { SESSION } from './keys'
import css from './loader.css?inline'

declare const APP_FILE: string

const SVG = 'http://www.w3.org/2000/svg'

function icon(path: string): SVGElement {
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('aria-hidden', 'true')
  const line = document.createElementNS(SVG, 'path')
  line.setAttribute('d', path)
  svg.append(line)
  return svg
}

/** Dark or light text, whichever is readable on the site's own accent. Any CSS colour, as the browser computes it. */
function themed(
  host: HTMLElement,
  { accent, radius, font, theme = 'auto', position = 'right' }: DOMStringMap,
): void {
  const { style, dataset } = host
  dataset['theme'] = theme
  dataset['position'] = position
  if (accent) style.setProperty('--lc-accent', accent)
  if (radius) style.setProperty('--lc-radius', radius)
  if (font) style.setProperty('--lc-font', font)
  style.color = 'var(--lc-accent)'
  if (getComputedStyle(host).getPropertyValue('--lc-accent')) {
    const [r, g, b] = (getComputedStyle(host).color.match(/[\d.]+/g) ?? []).map(
      (part) => (Number(part) / 255) ** 2.2,
    )
    const luminance = 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0)
    style.setProperty('--lc-on-accent', luminance > 0.18 ? '#0d1220' : '#ffffff')
    dataset['branded'] = ''
  }
  style.color = ''
}

function known(): boolean {
  try {
    return localStorage.getItem(SESSION) !== null
  } catch {
    return false
  }
}

function start(script: HTMLScriptElement): void {
  const base = script.src.replace(/(widget\/v1\/)?widget\.js.*/, 'widget/v1')
  const host = document.createElement('div')
  const root = host.attachShadow({ mode: 'open' })
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(css)
  root.adoptedStyleSheets = [sheet]
  const bubble = document.createElement('button')
  bubble.className = 'bubble'
  bubble.ariaLabel = script.dataset['label'] ?? 'Open chat'
  bubble.append(icon('M4 5h16v11H9l-5 4z'))
  root.append(bubble)
  document.body.append(host)
  themed(host, script.dataset)

  const load = async (asked: boolean): Promise<void> => {
    bubble.ariaBusy = 'true'
    try {
      const app = (await import(/* @vite-ignore */ `${base}/app/${APP_FILE}`)) as {
        mount: (page: HostPage) => void
      }
      app.mount({ base, host, root, bubble, options: script.dataset, asked })
    } catch {
      bubble.onclick = open // Not reached: the next click tries again.
    }
    bubble.ariaBusy = null
  }
  const open = (): void => {
    bubble.onclick = null
    void load(true)
  }
  bubble.onclick = open
  if (known()) {
    bubble.onclick = null
    void load(false)
  }
}

const script = document.currentScript as HTMLScriptElement
if (document.body as HTMLElement | null) start(script)
else addEventListener('DOMContentLoaded', () => start(script))
