import { call, Refusal, type Call } from '../../connection/http'
import type { Ports } from '../../connection/ports'
import type { Schemas, Sent } from '../../protocol/wire'
import type { Query } from './inbox'
import type { ListName } from './route'
import type { Agent, Claimed, Conversation, Events, Inbox, SettingsDocument } from './wire'

/** A poll is answered after at most `wait` seconds; so long the service may keep the line open. */
const POLL_GRACE_MS = 10_000

const filters: Record<ListName, string> = {
  pending: '/handovers?status=pending',
  mine: '/handovers?status=claimed&mine=true',
  claimed: '/handovers?status=claimed',
  resolved: '/handovers?status=resolved',
  bot: '/conversations?holder=bot',
}

export interface Poll {
  wait: number
  signal: AbortSignal
}

/** What a foreign page can't send: every change of state carries it. */
export const CHANGES: Record<string, string> = { 'X-LiveChat': '1' }

export const uploadUrl = (conversation: string, name: string): string =>
  `/api/v1/conversations/${conversation}/files?name=${encodeURIComponent(name.slice(-255))}`

/** The dashboard API. */
export class Api {
  /** Called when the service no longer knows the session. */
  onSignedOut: () => void = () => undefined
  /** Told what time it is at the service, with every list. */
  onTime: (iso: string) => void = () => undefined

  constructor(private readonly ports: Ports) {}

  session = (): Promise<{ agent: Agent }> => this.ask('/session')
  signIn = (email: string, password: string): Promise<{ agent: Agent }> =>
    this.post('/session', { email, password })
  signOut = (): Promise<unknown> => this.ask('/session', { method: 'DELETE' })
  settings = (): Promise<SettingsDocument> => this.ask('/settings')

  async list({ list, q, cursor, limit }: Query, poll?: Poll & { since: string }): Promise<Inbox> {
    const extra = new URLSearchParams({ limit: String(limit) })
    if (q) extra.set('q', q)
    if (cursor) extra.set('cursor', cursor)
    if (poll) {
      extra.set('wait', String(poll.wait))
      extra.set('since', poll.since)
    }
    const page = await this.ask<Inbox>(`${filters[list]}&${extra.toString()}`, waiting(poll))
    this.onTime(page.server_time)
    return page
  }

  conversation = (id: string): Promise<Conversation> => this.ask(`/conversations/${id}`)
  events(id: string, after: number, limit: number, poll?: Poll): Promise<Events> {
    const wait = poll ? `&wait=${poll.wait}` : ''
    return this.ask(`/conversations/${id}/events?after=${after}&limit=${limit}${wait}`, waiting(poll))
  }

  claim = (id: string): Promise<Claimed> => this.act(id, 'claim', {})
  message = (id: string, body: Sent<Schemas['SendMessage']>): Promise<{ seq: number }> =>
    this.act(id, 'messages', body)
  redeliver = (id: string, seq: number, verb: 'retry' | 'skip', epoch: number): Promise<unknown> =>
    this.act(id, `messages/${seq}/${verb}`, { epoch })
  note = (id: string, body: { client_msg_id: string; text: string }): Promise<{ seq: number }> =>
    this.act(id, 'notes', body)
  resolve = (id: string, body: { epoch: number; seen: number; force: boolean }): Promise<{ epoch: number }> =>
    this.act(id, 'resolve', body)
  reopen = (id: string, epoch: number): Promise<{ epoch: number }> => this.act(id, 'reopen', { epoch })
  release = (id: string, epoch: number): Promise<{ epoch: number }> => this.act(id, 'release', { epoch })
  read = (id: string, upto: number): Promise<unknown> => this.act(id, 'read', { upto })

  private act<T>(id: string, verb: string, body: object): Promise<T> {
    return this.post(`/conversations/${id}/${verb}`, body)
  }

  private post<T>(path: string, body: object): Promise<T> {
    return this.ask(path, { method: 'POST', body })
  }

  /** Any call of the dashboard API; the parts that are loaded later bring their own. */
  async ask<T>(path: string, options: Call = {}): Promise<T> {
    const headers = options.method ? CHANGES : {}
    try {
      return await call<T>(this.ports, `/api/v1${path}`, { ...options, headers })
    } catch (failure) {
      if (failure instanceof Refusal && failure.code === 'not_signed_in') this.onSignedOut()
      throw failure
    }
  }
}

function waiting(poll: Poll | undefined): Call {
  return poll ? { signal: poll.signal, timeoutMs: poll.wait * 1000 + POLL_GRACE_MS } : {}
}

/** Words for a failed action, whatever it was. */
export function reasonOf(failure: unknown): string {
  if (failure instanceof Refusal) return failure.message
  return 'The service can’t be reached. Try again in a moment.'
}
