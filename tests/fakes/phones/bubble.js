/* One line of a chat: its bubble, and what can be done with it. `act(action, body, query)` goes to the server. */

import { icon, make, outside, size, words } from './making.js'

const TICKS = { sent: ['✓', 'sent'], delivered: ['✓✓', 'delivered'], read: ['✓✓', 'read'] }

export function draw(line, act, hooks) {
  const bubble = make('div', { className: 'bubble' }, ...content(line, hooks), when(line))
  const node = make('li', { className: line.mine ? 'line mine' : 'line' }, bubble)
  const choices = line.list ? opener(line, act, hooks) : rows(line, act)
  if (choices.childElementCount) node.append(choices)
  node.append(...doings(line, act, hooks))
  return node
}

function content({ answers, file, link, name, text }, { settle }) {
  const parts = []
  if (answers) parts.push(make('div', { className: 'quote' }, make('span', { textContent: answers })))
  if (file?.kind === 'picture') {
    const picture = make('img', { src: file.url, alt: text ? '' : 'Picture' })
    picture.addEventListener('load', settle)
    parts.push(picture)
  } else if (file) parts.push(make('a', { className: 'file', href: file.url, download: file.name }, ...card(file)))
  if (link) parts.push(Object.assign(outside(link, ...card({ name: name || link })), { className: 'file' }))
  if (text) parts.push(words(text))
  return parts
}

function card({ name, size: bytes }) {
  const about = make('span', { className: 'name', textContent: name })
  if (bytes) about.append(make('small', { textContent: size(bytes) }))
  return [icon(/\.(jpe?g|png|gif|webp|svg)$/i.test(name) ? 'picture' : 'file'), about]
}

function when({ at, tick, edited }) {
  const time = new Date(at * 1000).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
  const node = make('span', { className: 'when', textContent: edited ? `edited ${time}` : time })
  if (tick) {
    const [sign, meaning] = TICKS[tick]
    const mark = make('span', { className: `tick ${tick}`, textContent: sign, title: meaning, role: 'img' })
    mark.setAttribute('aria-label', meaning)
    node.append(mark)
  }
  return node
}

function rows(line, act) {
  const shown = (line.rows ?? []).map(row =>
    make('div', { className: 'row' }, ...row.map(button => choice(button, line, act))),
  )
  return make('div', { className: 'choices' }, ...shown)
}

function choice({ title, url, description }, line, act, done = () => {}) {
  if (url) return Object.assign(outside(url, title, icon('link')), { className: 'choice' })
  const button = make('button', { type: 'button', className: 'choice' }, make('span', { textContent: title }))
  if (description) button.append(make('small', { textContent: description }))
  button.setAttribute('aria-busy', Boolean(line.waiting?.includes(title)))
  button.addEventListener('click', () => {
    done()
    act('press', title, { message: line.id })
  })
  return button
}

/* WhatsApp's list: a button that opens a sheet with sections. */
function opener(line, act, { sheet }) {
  const { label, sections } = line.list
  const open = make(
    'button',
    { type: 'button', className: 'choice' },
    icon('list'),
    make('span', { textContent: label }),
  )
  open.setAttribute('aria-haspopup', 'dialog')
  open.addEventListener('click', event => {
    event.stopPropagation()
    const parts = sections.flatMap(({ title, rows: entries }) => [
      ...(title ? [make('h3', { textContent: title })] : []),
      ...entries.map(entry => choice(entry, line, act, () => sheet.close())),
    ])
    sheet.replaceChildren(make('h2', { textContent: label }), make('div', { className: 'choices' }, ...parts))
    sheet.show()
  })
  return make('div', { className: 'choices' }, open)
}

function doings(line, act, { edit }) {
  if (line.mine) return line.can_edit ? [doing('pencil', 'Edit', false, () => edit(line))] : []
  const isLiked = Boolean(line.reaction)
  return [doing('heart', 'Like', isLiked, () => act('react', '❤', { message: line.id }))]
}

function doing(sign, meaning, isOn, work) {
  const button = make('button', { type: 'button', className: `doing ${sign}`, title: meaning, ariaLabel: meaning })
  button.append(icon(sign))
  if (sign === 'heart') button.setAttribute('aria-pressed', isOn)
  button.addEventListener('click', work)
  return button
}
