import type { Taking } from './claiming'
import type { Standing } from './standing'
import type { Person } from './wire'

/** What stands at the foot of a conversation: the composer, or why there is none. */
export type Foot =
  | { kind: 'composer' }
  | { kind: 'lost'; winner: Person; since: string | null }
  | { kind: 'watching'; holder: string }
  | { kind: 'take'; from: 'queue' | 'bot' | 'resolved'; busy: boolean; failed: string | null }

export function footOf(standing: Standing, taking: Taking, me: string, resolved: boolean): Foot {
  const { holder } = standing
  if (holder.kind === 'agent' && holder.id === me) return { kind: 'composer' }
  if (taking.step === 'lost') return { kind: 'lost', winner: taking.winner, since: taking.since }
  if (holder.kind === 'agent') return { kind: 'watching', holder: holder.name ?? 'A colleague' }
  return {
    kind: 'take',
    from: holder.kind === 'queue' ? 'queue' : resolved ? 'resolved' : 'bot',
    busy: taking.step === 'taking',
    failed: taking.step === 'failed' ? taking.reason : null,
  }
}
