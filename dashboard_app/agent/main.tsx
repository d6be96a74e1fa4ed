import { signal } from '@preact/signals'
import { render } from 'preact'
import { browserPorts, shelf } from '../connection'
import { sendFile } from '../connection/upload'
import { frame } from './frame'
import { Api } from './state/api'
import { App } from './state/app'
import { PreferenceStore } from './state/preferences'
import { Router } from './state/route'
import './styles/all.css'
import { createSpeaker } from './tones'
import { Page } from './views/page'

const ports = browserPorts()
const local = shelf(() => localStorage)
// The width at which the style sheet folds the context away.
const folds = matchMedia('(max-width: 1100px)')
const narrow = signal(folds.matches)
folds.addEventListener('change', () => (narrow.value = folds.matches))
const preferences = new PreferenceStore(local)
const app = new App({
  ports,
  local,
  api: new Api(ports),
  sendFile,
  router: new Router(window),
  preferences,
  speaker: createSpeaker(),
  socketUrl: `${location.origin.replace(/^http/, 'ws')}/api/v1/socket`,
  narrow,
})

frame(app, preferences)
render(<Page app={app} />, document.body)
void app.begin()
