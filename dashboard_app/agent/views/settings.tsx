import { signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { Desk } from '../state/desk'

type Part = typeof import('../settings')

const part = signal<Part | null>(null)
const failed = signal(false)

async function load(): Promise<void> {
  failed.value = false
  try {
    part.value = await import('../settings')
  } catch {
    failed.value = true
  }
}

/** The settings' place; their part of the dashboard comes when it is first opened. */
export function SettingsPane({ desk }: { desk: Desk }) {
  useEffect(() => {
    if (!part.peek()) void load()
  }, [])
  const loaded = desk.settings.value
  const View = part.value?.SettingsView
  return (
    <main class="settings-pane">
      {View && loaded ? (
        <View desk={desk} loaded={loaded} />
      ) : failed.value ? (
        <div class="empty" role="alert">
          <p class="empty-title">The settings could not be loaded.</p>
          <button type="button" class="button" onClick={() => void load()}>
            Try again
          </button>
        </div>
      ) : (
        <div class="empty" aria-busy="true">
          <span class="spinner" /> <p class="muted">Loading the settings…</p>
        </div>
      )}
    </main>
  )
}
