/* The page is a function of the server's state, which comes by EventSource; whatever is done goes there by POST. */

import { draw } from './bubble.js'
import { make } from './making.js'

const NAMES = { telegram: 'Telegram', whatsapp: 'WhatsApp' }
const CUSTOMERS = { telegram: 'Ana', whatsapp: 'Ben' }
const NEAR_THE_END = 80

const main = document.querySelector('main')
const tabs = document.querySelector('.tabs')
const alarm = document.querySelector('.alarm')
const views = new Map()
let shown = ''

class PhoneView {
  constructor(channel) {
    this.channel = channel
    this.root = document.querySelector('#phone').content.firstElementChild.cloneNode(true)
    this.root.classList.add(channel)
    this.root.setAttribute('aria-label', `${CUSTOMERS[channel]} on ${NAMES[channel]}`)
    for (const part of ['chat', 'lines', 'typing', 'presence', 'empty', 'block', 'writer', 'sheet', 'editing'])
      this[part] = this.root.querySelector(`.${part}`)
    this.text = this.writer.querySelector('textarea')
    this.kept = new Map()
    this.edited = ''
    this.isAtEnd = true
    this.top = 0
    this.empty.textContent = `${CUSTOMERS[channel]} has not written to the shop on ${NAMES[channel]} yet. Say hello.`
    this.act = (action, body, query = {}) => this.send(action, body, query)
    this.hooks = {
      sheet: this.sheet,
      settle: () => this.isAtEnd && this.toEnd(),
      edit: line => this.edit(line),
    }
    this.listen()
    main.append(this.root)
    this.addTab()
  }

  send(action, body, query) {
    const path = `_control/${this.channel}/${action}?${new URLSearchParams(query)}`
    fetch(path, { method: 'POST', body, headers: { 'X-Phones': '1' } }).catch(() => (alarm.hidden = false))
  }

  listen() {
    const file = this.writer.querySelector('input')
    this.writer.addEventListener('submit', event => {
      event.preventDefault()
      this.say(this.text.value.trim())
    })
    this.text.addEventListener('keydown', event => {
      if (event.key === 'Escape') this.edit(null)
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
      event.preventDefault()
      this.writer.requestSubmit()
    })
    file.addEventListener('change', () => {
      const [chosen] = file.files
      if (chosen) this.act('file', chosen, { name: chosen.name, mime: chosen.type })
      file.value = ''
    })
    this.block.addEventListener('click', () => this.act('block', String(!this.state.blocked)))
    this.chat.addEventListener('scroll', () => this.scrolled())
    this.chat.addEventListener('click', () => this.sheet.close())
    this.sheet.addEventListener('keydown', event => event.key === 'Escape' && this.sheet.close())
    this.editing.querySelector('button').addEventListener('click', () => this.edit(null))
  }

  say(text) {
    if (text && this.edited) this.act('edit', text, { message: this.edited })
    else if (text) this.act('say', text)
    this.edit(null)
    this.isAtEnd = true
    this.text.focus()
  }

  /* Write a message anew; null: no more. */
  edit(line) {
    this.edited = line?.id ?? ''
    this.editing.hidden = !line
    this.text.value = line?.text ?? ''
    if (line) this.text.focus()
  }

  addTab() {
    this.tab = make('button', { type: 'button', textContent: NAMES[this.channel] })
    this.tab.addEventListener('click', () => show(this.channel))
    tabs.append(this.tab)
  }

  draw(state) {
    const { isAtEnd } = this
    this.state = state
    this.presence.textContent = presence(state, this.channel)
    this.block.textContent = state.blocked ? 'Unblock' : 'Block'
    this.block.setAttribute('aria-pressed', state.blocked)
    this.typing.hidden = !state.typing
    this.empty.hidden = state.lines.length > 0
    const hasNews = this.drawLines(state.lines)
    if (hasNews && shown !== this.channel) this.tab.classList.add('news')
    if (isAtEnd) this.toEnd()
    this.look()
  }

  /* Only what changed is drawn; whether there was a new line. */
  drawLines(lines) {
    const before = this.kept.size
    lines.forEach((line, at) => {
      const text = JSON.stringify(line)
      const kept = this.kept.get(line.id)
      if (kept?.text === text) return
      const node = draw(line, this.act, this.hooks)
      this.kept.set(line.id, { text, node })
      if (kept) replace(kept.node, node)
      else this.lines.insertBefore(node, this.lines.children[at] ?? null)
    })
    return this.kept.size > before
  }

  /* Only who scrolls up leaves the end; a picture that comes later does not. */
  scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.chat
    if (scrollHeight - scrollTop - clientHeight < NEAR_THE_END) this.isAtEnd = true
    else if (scrollTop < this.top) this.isAtEnd = false
    this.top = scrollTop
  }

  toEnd() {
    this.chat.scrollTop = this.chat.scrollHeight
  }

  /* What is on the screen is read. */
  look() {
    const away = getComputedStyle(this.root).display === 'none' || document.visibilityState !== 'visible'
    if (this.state?.unread && !away) this.act('read')
  }
}

/* A picture that is there already stays: drawn again, it would flash. */
function replace(old, node) {
  const [before, after] = [old.querySelector('img'), node.querySelector('img')]
  if (before && after && before.src === after.src) after.replaceWith(before)
  old.replaceWith(node)
}

function presence({ typing, blocked, connected }, channel) {
  if (blocked) return 'blocked'
  if (!connected) return 'waiting for the bot …'
  return typing ? 'typing …' : `${CUSTOMERS[channel]}’s ${NAMES[channel]}`
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

/* A server that was started again knows nothing of what is shown. */
function startOver(states) {
  const isOther = states.some(
    state => views.has(state.channel) && state.lines.length < views.get(state.channel).kept.size,
  )
  if (isOther) location.reload()
  return isOther
}

const stream = new EventSource('events')
stream.addEventListener('error', () => (alarm.hidden = false))
stream.addEventListener('message', event => {
  alarm.hidden = true
  const states = JSON.parse(event.data)
  if (startOver(states)) return
  for (const state of states) {
    if (!views.has(state.channel)) views.set(state.channel, new PhoneView(state.channel))
    views.get(state.channel).draw(state)
  }
  tabs.hidden = states.length < 2
  if (!shown && states.length) show(states[0].channel)
})
document.addEventListener('visibilitychange', () => views.forEach(view => view.look()))
