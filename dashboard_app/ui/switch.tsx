import type { ComponentChildren } from 'preact'

interface SwitchProps {
  checked: boolean
  onChange: (checked: boolean) => void
  children: ComponentChildren
}

export function Switch({ checked, onChange, children }: SwitchProps) {
  return (
    <label class="switch">
      <span>{children}</span>
      <input
        type="checkbox"
        role="switch"
        checked={checked}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    </label>
  )
}
