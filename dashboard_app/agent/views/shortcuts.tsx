import { useLayoutEffect, useRef } from 'preact/hooks'
import { Icon } from '../../ui/icons'
import { Switch } from '../../ui/switch'
import type { Desk } from '../state/desk'
import { shortcuts } from '../state/keys'

export function ShortcutSheet({ desk }: { desk: Desk }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const open = desk.help.value
  useLayoutEffect(() => {
    if (open) dialog.current?.showModal()
    else dialog.current?.close()
  }, [open])
  const { preferences } = desk.parts
  return (
    <dialog
      class="sheet"
      ref={dialog}
      aria-labelledby="sheet-title"
      onClose={() => (desk.help.value = false)}
    >
      <header class="sheet-head">
        <h2 id="sheet-title">Keyboard shortcuts</h2>
        <button type="button" class="icon-button" onClick={() => (desk.help.value = false)}>
          <Icon name="close" />
          <span class="quiet">Close</span>
        </button>
      </header>
      <dl class="sheet-keys">
        {shortcuts.map(({ keys, what }) => (
          <div key={keys}>
            <dt>
              {keys.split('+').map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <Switch checked={preferences.value.value.letters} onChange={(letters) => preferences.set({ letters })}>
        Single-letter shortcuts
      </Switch>
    </dialog>
  )
}
