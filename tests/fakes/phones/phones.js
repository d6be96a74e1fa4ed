/* The page is a function of the server's state, which comes by EventSource; whatever is done goes there by POST. */

const NAMES = { telegram: 'Telegram', whatsapp: 'WhatsApp' }
const CUSTOMERS = { telegram: 'Ana', whatsapp: 'Ben' }
const TICKS = { sent: ['✓', 'sent'], delivered: ['✓✓', 'delivered'], read: ['✓✓', 'read'] }
const MOST_BUTTONS = 3

const main = document.querySelector('main')
const tabs = document.querySelector('.tabs')
const alarm = document.querySelector('.alarm')
const views = new Map()
let shown = ''

function make(tag, about = {}, ...children) {
  const made = Object.assign(document.createElement(tag), about)
  made.append(...children)
  return made
}

function send(channel, action, body, query = {}) {
  const path = `_control/${channel}/${action}?${new URLSearchParams(query)}`
  return fetch(path, { method: 'POST', body, headers: { 'X-Phones': '1' } }).catch(() => (alarm.hidden = false))
}

class PhoneView {
  constructor(channel) {
    this.channel = channel
    this.root = document.querySelector('#phone').content.firstElementChild.cloneNode(true)
    this.root.classList.add(channel)
    this.root.setAttribute('aria-label', `${CUSTOMERS[channel]} on ${NAMES[channel]}`)
    for (const part of ['chat', 'lines', 'typing', 'presence', 'empty', 'block', 'writer', 'sheet'])
      this[part] = this.root.querySelector(`.${part}`)
    this.kept = new Map()
    this.count = 0
    this.empty.textContent = `${CUSTOMERS[channel]} has not written to the shop on ${NAMES[channel]} yet. Say hello.`
    this.listen()
    main.append(this.root)
    this.addTab()
  }

  listen() {
    const text = this.writer.querySelector('textarea')
    const file = this.writer.querySelector('input')
    this.writer.addEventListener('submit', event => {
      event.preventDefault()
      if (text.value.trim()) send(this.channel, 'say', text.value)
      text.value = ''
      text.focus()
    })
    text.addEventListener('keydown', event => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
      event.preventDefault()
      this.writer.requestSubmit()
    })
    file.addEventListener('change', () => {
      const [chosen] = file.files
      if (chosen) send(this.channel, 'file', chosen, { name: chosen.name, mime: chosen.type })
      file.value = ''
    })
    this.block.addEventListener('click', () => send(this.channel, 'block', String(!this.state.blocked)))
    this.chat.addEventListener('click', () => this.sheet.close())
    this.sheet.addEventListener('keydown', event => event.key === 'Escape' && this.sheet.close())
  }

  addTab() {
    this.tab = make('button', { type: 'button', textContent: NAMES[this.channel] })
    this.tab.addEventListener('click', () => show(this.channel))
    tabs.append(this.tab)
  }

  draw(state) {
    const atEnd = this.chat.scrollHeight - this.chat.scrollTop - this.chat.clientHeight < 80
    this.state = state
    this.presence.textContent = presence(state, this.channel)
    this.block.textContent = state.blocked ? 'Unblock' : 'Block'
    this.block.setAttribute('aria-pressed', state.blocked)
    this.typing.hidden = !state.typing
    this.empty.hidden = state.lines.length > 0
    this.drawLines(state.lines)
    if (state.lines.length > this.count && shown !== this.channel) this.tab.classList.add('news')
    if (atEnd || state.lines.length > this.count) this.toEnd()
    this.count = state.lines.length
    this.look()
  }

  drawLines(lines) {
    lines.forEach((line, at) => {
      const text = JSON.stringify(line)
      const kept = this.kept.get(line.id)
      if (kept?.text === text) return
      const node = this.line(line)
      this.kept.set(line.id, { text, node })
      if (kept) kept.node.replaceWith(node)
      else this.lines.insertBefore(node, this.lines.children[at] ?? null)
    })
    const ids = new Set(lines.map(line => line.id))
    for (const [id, kept] of this.kept) if (!ids.has(id)) kept.node.remove(), this.kept.delete(id)
  }

  line(line) {
    const bubble = make('div', { className: 'bubble' }, ...this.content(line), when(line))
    const node = make('li', { className: line.mine ? 'line mine' : 'line' }, bubble)
    if (line.buttons?.length) node.append(this.choices(line.buttons))
    if (!line.mine) node.append(this.like(line))
    return node
  }

  content({ file, link, text }) {
    const parts = []
    if (file?.kind === 'picture') {
      const picture = make('img', { src: file.url, alt: text ? '' : 'Picture' })
      picture.addEventListener('load', () => this.toEnd())
      parts.push(picture)
    } else if (file) parts.push(make('a', { href: file.url, download: file.name, textContent: `📄 ${file.name}` }))
    if (link) parts.push(outside(link, link))
    if (text) parts.push(make('div', { className: 'text', textContent: text }))
    return parts
  }

  choices(buttons) {
    const nodes = buttons.map(button => this.choice(button))
    const isList = this.channel === 'whatsapp' && buttons.length > MOST_BUTTONS
    if (!isList) return make('div', { className: 'choices' }, ...nodes)
    const open = make('button', { type: 'button', className: 'choice', textContent: '☰ Choose' })
    open.addEventListener('click', event => {
      event.stopPropagation()
      this.sheet.replaceChildren(make('div', { className: 'choices' }, ...buttons.map(button => this.choice(button))))
      this.sheet.show()
    })
    return make('div', { className: 'choices' }, open)
  }

  choice({ title, url }) {
    if (url) return Object.assign(outside(url, `${title} ↗`), { className: 'choice' })
    const button = make('button', { type: 'button', className: 'choice', textContent: title })
    button.addEventListener('click', () => {
      this.sheet.close()
      send(this.channel, 'press', title)
    })
    return button
  }

  like({ id, reaction }) {
    const about = { type: 'button', className: 'like', textContent: '❤', title: 'Like', ariaLabel: 'Like' }
    const button = make('button', about)
    button.setAttribute('aria-pressed', Boolean(reaction))
    button.addEventListener('click', () => send(this.channel, 'react', '❤', { message: id }))
    return button
  }

  toEnd() {
    this.chat.scrollTop = this.chat.scrollHeight
  }

  look() {
    const away = getComputedStyle(this.root).display === 'none' || document.visibilityState !== 'visible'
    if (this.state?.unread && !away) send(this.channel, 'read')
  }
}

function presence({ typing, blocked, connected }, channel) {
  if (blocked) return 'blocked'
  if (!connected) return 'waiting for the bot …'
  return typing ? 'typing …' : `${CUSTOMERS[channel]}’s ${NAMES[channel]}`
}

function outside(url, text) {
  const isWeb = /^https?:\/\//.test(url)
  return make('a', { href: isWeb ? url : '#', target: '_blank', rel: 'noreferrer', textContent: text })
}

function when({ at, tick }) {
  const time = new Date(at * 1000).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
  const node = make('span', { className: 'when', textContent: time })
  if (tick) {
    const [sign, meaning] = TICKS[tick]
    const mark = make('span', { className: `tick ${tick}`, textContent: sign, title: meaning, role: 'img' })
    mark.setAttribute('aria-label', meaning)
    node.append(mark)
  }
  return node
}

function show(channel) {
  shown = channel
  for (const view of views.values()) {
    view.root.classList.toggle('away', view.channel !== channel)
    view.tab.setAttribute('aria-pressed', view.channel === channel)
  }
  views.get(channel).tab.classList.remove('news')
  views.get(channel).toEnd()
  views.get(channel).look()
}

const stream = new EventSource('events')
stream.addEventListener('error', () => (alarm.hidden = false))
stream.addEventListener('message', event => {
  alarm.hidden = true
  const states = JSON.parse(event.data)
  for (const state of states) {
    if (!views.has(state.channel)) views.set(state.channel, new PhoneView(state.channel))
    views.get(state.channel).draw(state)
  }
  tabs.hidden = states.length < 2
  if (!shown && states.length) show(states[0].channel)
})
document.addEventListener('visibilitychange', () => views.forEach(view => view.look()))
