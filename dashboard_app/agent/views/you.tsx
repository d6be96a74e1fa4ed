import { useRef } from 'preact/hooks'
import { Avatar } from '../../ui/avatar'
import { Icon } from '../../ui/icons'
import { Switch } from '../../ui/switch'
import type { App } from '../state/app'
import type { Desk } from '../state/desk'
import type { Preferences, PreferenceStore } from '../state/preferences'

const MENU = 'you-menu'

export function YouButton({ desk }: { desk: Desk }) {
  return (
    <button
      type="button"
      class="rail-entry rail-you"
      popovertarget={MENU}
      title={`${desk.agent.name}: your settings`}
    >
      <Avatar name={desk.agent.name} seed={desk.agent.id} />
      <span class="rail-name">You</span>
      <span class="quiet">: your settings</span>
    </button>
  )
}

const themes: readonly { value: Preferences['theme']; name: string }[] = [
  { value: 'auto', name: 'Auto' },
  { value: 'light', name: 'Light' },
  { value: 'dark', name: 'Dark' },
]

/** Who I am and how I like it. */
export function YouMenu({ app, desk }: { app: App; desk: Desk }) {
  const menu = useRef<HTMLDivElement>(null)
  const { preferences } = desk.parts
  const { sounds, letters, enterSends } = preferences.value.value
  return (
    <div id={MENU} class="you" popover="auto" ref={menu} role="dialog" aria-label="Your settings">
      <header class="you-head">
        <Avatar name={desk.agent.name} seed={desk.agent.id} />
        <div>
          <strong>{desk.agent.name}</strong>
          <div class="muted small">
            {desk.agent.email} · {desk.agent.role}
          </div>
        </div>
      </header>
      <Themes preferences={preferences} />
      <div class="you-line">
        <Switch checked={sounds} onChange={(on) => preferences.set({ sounds: on })}>
          Sounds
        </Switch>
        <button type="button" class="button small-button" onClick={() => desk.alerts.test()}>
          <Icon name="sound" size={16} /> Test
        </button>
      </div>
      <Switch checked={letters} onChange={(on) => preferences.set({ letters: on })}>
        Single-letter shortcuts
      </Switch>
      <Switch checked={enterSends} onChange={(on) => preferences.set({ enterSends: on })}>
        Enter sends
      </Switch>
      <footer class="you-foot">
        <button
          type="button"
          class="button plain"
          onClick={() => {
            menu.current?.hidePopover()
            desk.help.value = true
          }}
        >
          Keyboard shortcuts
        </button>
        <button type="button" class="button plain" onClick={() => void app.signOut()}>
          Sign out
        </button>
      </footer>
    </div>
  )
}

function Themes({ preferences }: { preferences: PreferenceStore }) {
  const { theme } = preferences.value.value
  return (
    <fieldset class="themes">
      <legend>Colours</legend>
      {themes.map(({ value, name }) => (
        <label class="theme">
          <input
            type="radio"
            name="theme"
            checked={theme === value}
            onChange={() => preferences.set({ theme: value })}
          />
          <span>{name}</span>
        </label>
      ))}
    </fieldset>
  )
}
