import { Icon } from '../../ui/icons'
import type { Desk } from '../state/desk'
import { closedBecause, troublesOf } from '../state/health'

/** What everybody should know right now, above the page. */
export function Banners({ desk }: { desk: Desk }) {
  const reach = desk.reach.reach.value
  const { settings, ...parts } = desk.health.value
  // On their own page they are told with the line that is wrong.
  const atSettings = desk.parts.router.route.value.page === 'settings'
  const troubles = troublesOf(settings && !atSettings ? { settings, ...parts } : parts, desk.agent.role)
  const closed = desk.availability.value && closedBecause(desk.availability.value)
  return (
    <div class="banners" role="status">
      {reach === 'away' && (
        <p class="banner warn">
          <span class="spinner" aria-hidden="true" /> Reconnecting… what you write is kept.
        </p>
      )}
      {reach === 'back' && (
        <p class="banner ok">
          <Icon name="check" size={16} /> Back online
        </p>
      )}
      {troubles.map((trouble) => (
        <p class="banner warn" key={trouble}>
          <Icon name="alert" size={16} /> {trouble}
        </p>
      ))}
      {closed && (
        <p class="banner plain-banner">
          <Icon name="moon" size={16} /> {closed}
        </p>
      )}
    </div>
  )
}
