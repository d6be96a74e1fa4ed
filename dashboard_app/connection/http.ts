import type { ErrorBody } from '../protocol/wire'
import type { Ports } from './ports'

/** The service answered, and said no. Switch on `code`; `message` is for people. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly data: Record<string, unknown> = {},
    readonly retryAfterMs: number | null = null,
  ) {
    super(message)
  }
}

/** No answer: no network, no service, or it took too long. Trying again is safe and makes sense. */
export class Unreachable extends Error {}

/** True when the same request may well succeed later. */
export function isPassing(error: unknown): boolean {
  return !(error instanceof Refusal) || error.status >= 500 || error.status === 429
}

export interface Call {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  body?: unknown
  headers?: Record<string, string>
  signal?: AbortSignal
  timeoutMs?: number
}

const TIMEOUT_MS = 15_000

/** One JSON request. Throws `Refusal` or `Unreachable`, nothing else. */
export async function call<T>(ports: Ports, url: string, options: Call = {}): Promise<T> {
  const stop = new AbortController()
  const stopTimer = ports.after(options.timeoutMs ?? TIMEOUT_MS, () => stop.abort())
  const passOn = (): void => stop.abort()
  options.signal?.addEventListener('abort', passOn)
  try {
    if (options.signal?.aborted) throw new Unreachable('aborted')
    return await answerOf<T>(await ports.fetch(url, request(options, stop.signal)))
  } catch (error) {
    throw error instanceof Refusal ? error : new Unreachable(String(error))
  } finally {
    stopTimer()
    options.signal?.removeEventListener('abort', passOn)
  }
}

/** What was answered; throws `Refusal` when it is no. */
export async function answerOf<T>(response: Response): Promise<T> {
  const answer = await body(response)
  if (!response.ok) throw refusal(response, answer)
  return answer as T
}

function request(options: Call, signal: AbortSignal): RequestInit {
  const headers: Record<string, string> = { ...options.headers }
  if (options.body !== undefined) headers['Content-Type'] = 'application/json'
  return {
    method: options.method ?? 'GET',
    headers,
    signal,
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
  }
}

/** A proxy in between may answer with a page of its own: that is no JSON and has no code. */
async function body(response: Response): Promise<unknown> {
  const text = await response.text()
  if (!text) return null
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    if (response.ok) throw error
    return null
  }
}

function refusal(response: Response, answer: unknown): Refusal {
  const said = (answer ?? {}) as Partial<ErrorBody>
  const seconds = Number(response.headers.get('Retry-After') ?? NaN)
  return new Refusal(
    response.status,
    said.code ?? (response.status >= 500 ? 'unavailable' : 'invalid'),
    said.message ?? `The service answered ${response.status}.`,
    said.data ?? {},
    Number.isFinite(seconds) ? seconds * 1000 : null,
  )
}
