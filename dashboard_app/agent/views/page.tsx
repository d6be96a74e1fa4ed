import type { App } from '../state/app'
import { closeDrawer } from '../state/commands'
import type { Desk } from '../state/desk'
import { Banners } from './banners'
import { ContextPane } from './context'
import { ConversationPane } from './conversation'
import { InboxPane } from './inbox'
import { Lightbox } from './lightbox'
import { Rail } from './rail'
import { SettingsPane } from './settings'
import { ShortcutSheet } from './shortcuts'
import { SignIn, Unreachable } from './sign_in'
import { Toasts } from './toasts'
import { YouMenu } from './you'

export function Page({ app }: { app: App }) {
  const desk = app.desk.value
  switch (app.stage.value) {
    case 'loading':
      return null
    case 'unreachable':
      return <Unreachable />
    case 'out':
      return <SignIn app={app} />
    case 'in':
      return desk && <DeskPage app={app} desk={desk} />
  }
}

function DeskPage({ app, desk }: { app: App; desk: Desk }) {
  const { page, conversation } = desk.parts.router.route.value
  const { folded } = desk.parts.preferences.value.value
  const state = [
    'desk',
    page === 'settings' ? 'at-settings' : conversation === null ? 'at-list' : 'at-conversation',
    folded ? 'folded' : '',
    desk.drawer.value ? 'drawer-open' : '',
  ]
  return (
    <div class={state.filter(Boolean).join(' ')}>
      <Banners desk={desk} />
      <div class="behind" inert={desk.drawer.value && desk.parts.narrow.value}>
        <Rail desk={desk} />
        {page === 'settings' ? (
          <SettingsPane desk={desk} />
        ) : (
          <>
            <InboxPane desk={desk} />
            <ConversationPane desk={desk} />
          </>
        )}
      </div>
      <button
        type="button"
        class="drawer-shade"
        tabIndex={-1}
        aria-hidden="true"
        onClick={() => closeDrawer(desk)}
      />
      {page === 'chat' && <ContextPane desk={desk} />}
      <Toasts desk={desk} />
      <YouMenu app={app} desk={desk} />
      <ShortcutSheet desk={desk} />
      <Lightbox desk={desk} />
      <p class="quiet" role="status">
        {desk.notices.said}
      </p>
    </div>
  )
}
