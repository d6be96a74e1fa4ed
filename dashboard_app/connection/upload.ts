/**
 * A file on its way to the service. It goes by XMLHttpRequest, because `fetch` can't say how far it got; a line on which
 * nothing moves for a while is given up as unreachable, so that the caller may try again.
 */
import type { Schemas } from '../protocol/wire'
import { answerOf, Refusal, Unreachable } from './http'
import type { Cancel, Ports } from './ports'

export interface Sending {
  url: string
  file: Blob
  headers: Record<string, string>
  signal: AbortSignal
  /** 0 ≤ part ≤ 1 */
  onProgress: (part: number) => void
}

/** Sends the bytes; resolves with whatever was answered, rejects when nothing was. */
export type SendFile = (sending: Sending) => Promise<Response>

/** So long without a byte or an answer, and the line counts as dead. */
const STALLED_MS = 30_000

/** Throws `Refusal` or `Unreachable`, nothing else. */
export async function upload(
  ports: Pick<Ports, 'after'>,
  send: SendFile,
  { signal, onProgress, ...rest }: Sending,
): Promise<Schemas['Uploaded']> {
  const stop = new AbortController()
  const passOn = (): void => stop.abort()
  let cancel: Cancel = () => undefined
  const watch = (): void => {
    cancel()
    cancel = ports.after(STALLED_MS, passOn)
  }
  const moved = (part: number): void => {
    watch()
    onProgress(part)
  }
  signal.addEventListener('abort', passOn)
  if (signal.aborted) passOn()
  watch()
  try {
    return await answerOf(await send({ ...rest, signal: stop.signal, onProgress: moved }))
  } catch (error) {
    throw error instanceof Refusal ? error : new Unreachable(String(error))
  } finally {
    cancel()
    signal.removeEventListener('abort', passOn)
  }
}

export const sendFile: SendFile = ({ url, file, headers, signal, onProgress }) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const fail = (): void => reject(new Unreachable('no answer'))
    request.open('POST', url)
    request.setRequestHeader('Content-Type', 'application/octet-stream')
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0)
    request.onload = () => {
      const retry = request.getResponseHeader('Retry-After')
      const { status, responseText } = request
      resolve(new Response(responseText, { status, headers: retry ? { 'Retry-After': retry } : {} }))
    }
    request.onerror = fail
    request.onabort = fail
    signal.addEventListener('abort', () => request.abort())
    if (signal.aborted) fail()
    else request.send(file)
  })
