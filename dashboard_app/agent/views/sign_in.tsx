import { useSignal } from '@preact/signals'
import { Icon } from '../../ui/icons'
import { Logo } from '../../ui/logo'
import type { App } from '../state/app'

export function SignIn({ app }: { app: App }) {
  const busy = useSignal(false)
  const email = useSignal('')
  const password = useSignal('')
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    busy.value = true
    await app.signIn(email.value, password.value)
    busy.value = false
  }
  return (
    <main class="sign-in">
      <form class="sign-in-card" onSubmit={(event) => void submit(event)}>
        <Logo size={40} />
        <h1>Sign in to Live Chat</h1>
        <p class="muted">With the account that your team gave you.</p>
        {app.trouble.value && (
          <p class="trouble" role="alert">
            <Icon name="error" size={16} /> {app.trouble}
          </p>
        )}
        <label>
          Email
          <input
            name="email"
            type="email"
            autocomplete="username"
            required
            autofocus
            onInput={(event) => (email.value = event.currentTarget.value)}
          />
        </label>
        <label>
          Password
          <input
            name="password"
            type="password"
            autocomplete="current-password"
            required
            onInput={(event) => (password.value = event.currentTarget.value)}
          />
        </label>
        <button class="button primary wide" disabled={busy.value}>
          {busy.value ? 'Signing in…' : 'Sign in'}
        </button>
      </form>
    </main>
  )
}

export function Unreachable() {
  return (
    <main class="sign-in">
      <div class="sign-in-card" role="status">
        <Logo size={40} />
        <h1>The service can’t be reached</h1>
        <p class="muted">Trying again every few seconds. Nothing you wrote is lost.</p>
      </div>
    </main>
  )
}
