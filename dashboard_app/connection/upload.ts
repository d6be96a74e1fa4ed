/**
 * A file on its way to the service. It goes by XMLHttpRequest, because `fetch` can't say how far it got; a line on which
 * nothing moves for a while is given up as unreachable, so that the caller may try again.
 */
import type { Schemas } from '../protocol/wire'
import { answerOf } from './http'
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

/** Throws `Refusal` when the service says no, and anything else when it was not reached: `isPassing` tells them apart. */
export async function upload(
  ports: Pick<Ports, 'after'>,
  send: SendFile,
  sending: Sending,
): Promise<Schemas['Uploaded']> {
  const stalled = new AbortController()
  const watch = (): Cancel => ports.after(STALLED_MS, () => stalled.abort())
  let cancel = watch()
  const onProgress = (part: number): void => {
    cancel()
    cancel = watch()
    sending.onProgress(part)
  }
  try {
    const signal = AbortSignal.any([sending.signal, stalled.signal])
    return await answerOf(await send({ ...sending, signal, onProgress }))
  } finally {
    cancel()
  }
}

export const sendFile: SendFile = ({ url, file, headers, signal, onProgress }) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', url)
    for (const name in headers) request.setRequestHeader(name, headers[name] ?? '')
    request.upload.onprogress = ({ loaded, total }) => onProgress(total && loaded / total)
    request.onload = () => resolve(new Response(request.responseText, { status: request.status }))
    request.onerror = request.onabort = () => reject(new Error('no answer'))
    signal.onabort = () => request.abort()
    request.send(file)
  })
