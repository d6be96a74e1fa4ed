import { isPassing, type Refusal } from '../../connection'
import { sendFile, upload, type SendFile } from '../../connection/upload'
import type { Attachment } from '../../protocol/wire'
import { kindOf, MOST_FILES, objection, type Objection } from '../../ui/files'
import { cell } from '../cell'
import type { Chat } from '../chat'

/** Why a file is not going: it can't, or it did not get through and may be tried again. */
export type Hitch = Objection | 'line'

export interface Picked {
  readonly file: File
  readonly kind: Attachment['kind']
  readonly stop: AbortController
  /** From 0 to 1. */
  part: number
  hitch: Hitch | null
  /** As the service has it. */
  up: Attachment | null
}

type Go = (files: Attachment[]) => void

/** The files that the visitor adds to the next message: each goes up at once, the message waits for all of them. */
export class Tray {
  readonly picked = cell<readonly Picked[]>([])
  #waiting: Go | null = null

  constructor(
    private readonly chat: Chat,
    private readonly send: SendFile = sendFile,
  ) {}

  get most(): number {
    return this.chat.around.value?.config.max_file_bytes ?? 0
  }

  /** Those that can be sent, now or soon. */
  get sound(): Picked[] {
    return this.picked.value.filter(({ hitch }) => !hitch)
  }

  add(files: readonly File[]): void {
    const room = MOST_FILES - this.picked.value.length
    const more = files.slice(0, room).map((file): Picked => {
      const hitch = objection(file, this.most)
      return { file, kind: kindOf(file.type), stop: new AbortController(), part: 0, hitch, up: null }
    })
    this.#show([...this.picked.value, ...more])
    for (const one of more) if (!one.hitch) void this.#send(one)
  }

  remove(gone: Picked): void {
    gone.stop.abort()
    this.#show(this.picked.value.filter((one) => one !== gone))
  }

  retry(one: Picked): void {
    one.hitch = null
    void this.#send(one)
  }

  /** Hands over what can be sent, at once or as soon as all of it is up. */
  release(go: Go): void {
    this.#waiting = go
    this.#show()
  }

  async #send(one: Picked): Promise<void> {
    const { ports, base, headers } = this.chat
    const { file, stop } = one
    const url = `${base}/files?name=${encodeURIComponent(file.name.slice(-255))}`
    const onProgress = (part: number): void => {
      one.part = part
      this.#show()
    }
    onProgress(0)
    try {
      one.up = await upload(ports, this.send, { url, file, headers, signal: stop.signal, onProgress })
    } catch (failure) {
      if (stop.signal.aborted) return
      one.hitch = hitchOf(failure)
      this.#waiting = null // The visitor decides what to do without it.
    }
    this.#show()
  }

  /** Draws anew, and sends what waits when nothing is on its way any more. */
  #show(picked: readonly Picked[] = [...this.picked.value]): void {
    this.picked.value = picked
    const go = this.#waiting
    const up = this.sound.flatMap((one) => one.up ?? [])
    if (!go || up.length < this.sound.length) return
    this.#waiting = null
    this.picked.value = picked.filter(({ hitch }) => hitch)
    go(up)
  }
}

function hitchOf(failure: unknown): Hitch {
  if (isPassing(failure)) return 'line'
  return (failure as Refusal).status === 413 ? 'large' : 'kind'
}
