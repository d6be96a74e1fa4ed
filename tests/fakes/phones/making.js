/* Elements, made without a word of HTML: what stands in a message can be nothing but text. */

const SVG = 'http://www.w3.org/2000/svg'
const ICONS = {
  file: 'M7 3h7l5 5v13H7ZM14 3v5h5',
  picture: 'M4 5h16v14H4ZM4 16l5-5 4 4 3-3 4 4M15 9h.01',
  list: 'M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01',
  link: 'M9 5h10v10M19 5 6 18',
  pencil: 'M4 20l1-4L16 5l3 3L8 19ZM14 7l3 3',
  heart: 'M12 20C5 15 3 12 3 9a4.5 4.5 0 0 1 9-1 4.5 4.5 0 0 1 9 1c0 3-2 6-9 11Z',
}
const ADDRESS = /(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]])/

export function make(tag, about = {}, ...children) {
  const made = Object.assign(document.createElement(tag), about)
  made.append(...children)
  return made
}

export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg')
  const path = document.createElementNS(SVG, 'path')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('aria-hidden', 'true')
  svg.classList.add('icon')
  path.setAttribute('d', ICONS[name])
  svg.append(path)
  return svg
}

/* A link out of here; what is no web address leads nowhere. */
export function outside(url, ...children) {
  const isWeb = /^https?:\/\//.test(url)
  return make('a', { href: isWeb ? url : '#', target: '_blank', rel: 'noreferrer' }, ...children)
}

/* Text whose addresses can be opened. */
export function words(text) {
  const parts = text.split(ADDRESS)
  return make('div', { className: 'text' }, ...parts.map((part, at) => (at % 2 ? outside(part, part) : part)))
}

export function size(bytes) {
  return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}
