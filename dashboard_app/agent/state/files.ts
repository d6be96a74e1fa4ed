import { signal, type ReadonlySignal } from '@preact/signals'
import { isPassing, Refusal, type Cancel, type Ports } from '../../connection'
import { backoffMs } from '../../connection/backoff'
import { upload, type SendFile } from '../../connection/upload'
import { kindOf, MOST_FILES, objection } from '../../ui/files'
import { restore, stored } from './kept_files'
import { objectionWords } from './objections'
import type { Attachment } from './wire'

/** A file as a message carries it; `id` and `url` are known once the service has it. */
export interface Attached extends Pick<Attachment, 'kind' | 'id'> {
  key: string
  name: string
  mime: string
  size: number
  url: string | null
}

/** A file that an agent added to a reply, until the log shows it. */
export interface Held extends Attached {
  conversation: string
  at: number
  /** It left the composer with a message. */
  posted: boolean
  /** How much of it is up, from 0 to 1. */
  part: number
  /** Why it can't be sent. */
  why: string | null
}

export interface FilesParts {
  ports: Ports
  owner: string
  send: SendFile
  urlOf: (conversation: string, name: string) => string
  headers: Record<string, string>
  /** Bytes that one file may have; 0 when files are switched off. */
  most: () => number
}

interface Job {
  file: File
  stop: AbortController | null
  pause: Cancel
  failures: number
}

interface Waiter {
  resolve: (id: string) => void
  reject: (failure: Refusal) => void
}

/**
 * Files of replies: in the composer, on their way, and under messages that are not in the log yet.
 *
 * What must hold: a file is sent as soon as it is added and once only; what is not up yet goes on when the connection is
 * back; a message waits for its files and never goes without one. What is up survives a reload, what is not can't.
 */
export class Files {
  readonly all: ReadonlySignal<ReadonlyMap<string, Held>>
  private readonly held
  private readonly jobs = new Map<string, Job>()
  private readonly waiters = new Map<string, Waiter[]>()
  private readonly shelf: string
  private online = false

  constructor(private readonly parts: FilesParts) {
    this.shelf = `livechat.files.${parts.owner}`
    this.held = signal<ReadonlyMap<string, Held>>(restore(parts.ports, this.shelf))
    this.all = this.held
  }

  /** Those that stand in the conversation's composer. */
  drafted(conversation: string): Held[] {
    return [...this.held.value.values()].filter((file) => file.conversation === conversation && !file.posted)
  }

  /** Adds files to a reply; answers how many were too many. */
  add(conversation: string, files: readonly File[]): number {
    const room = Math.max(0, MOST_FILES - this.drafted(conversation).length)
    for (const file of files.slice(0, room)) this.begin(conversation, file)
    return Math.max(0, files.length - room)
  }

  remove(key: string): void {
    const job = this.jobs.get(key)
    job?.pause()
    this.jobs.delete(key)
    job?.stop?.abort()
    this.keep([...this.held.peek().values()].filter((file) => file.key !== key))
  }

  /** Tries a file again that was refused or got stuck. */
  retry(key: string): void {
    this.change(key, { why: null })
    this.pump(key)
  }

  /** What leaves the composer with a message: all but those that can't be sent. */
  take(conversation: string): Attached[] {
    const taken = this.drafted(conversation).filter(({ why }) => why === null)
    for (const { key } of taken) this.change(key, { posted: true })
    return taken.map(({ key, kind, id, name, mime, size, url }) => ({ key, kind, id, name, mime, size, url }))
  }

  /** The message could not be sent: its files stand in the composer again. */
  giveBack(files: readonly Attached[]): void {
    for (const { key } of files) this.change(key, { posted: false })
  }

  /** The log shows them, or nobody wants them any more. */
  settle(files: readonly Attached[]): void {
    for (const { key } of files) this.remove(key)
  }

  /** The ids under which the service has them, as soon as it has all of them; rejects with why it never will. */
  ids(files: readonly Attached[]): Promise<string[]> {
    return Promise.all(files.map((file) => this.id(file)))
  }

  setOnline(online: boolean): void {
    this.online = online
    if (!online) return
    for (const [key, job] of this.jobs) {
      job.failures = 0
      this.pump(key)
    }
  }

  forget(): void {
    for (const key of [...this.held.peek().keys()]) this.remove(key)
  }

  private begin(conversation: string, file: File): void {
    const { ports, most } = this.parts
    const { name, type: mime, size } = file
    const found = objection(file, most())
    const held: Held = {
      ...{ key: ports.newId(), kind: kindOf(mime), name: name || 'file', mime, size },
      ...{ id: null, url: null, conversation, at: ports.now(), posted: false, part: 0 },
      why: found && objectionWords(found, most()),
    }
    this.keep([...this.held.peek().values(), held])
    if (found) return
    this.jobs.set(held.key, { file, stop: null, pause: () => undefined, failures: 0 })
    this.pump(held.key)
  }

  private id({ key, id, name }: Attached): Promise<string> {
    const held = this.held.peek().get(key)
    const known = id ?? held?.id
    if (known) return Promise.resolve(known)
    if (!this.jobs.has(key)) {
      const why = `The page was left before “${name}” was up. Please add it again.`
      return Promise.reject(new Refusal(410, 'not_found', why))
    }
    if (held?.why) this.retry(key)
    return new Promise((resolve, reject) => {
      this.waiters.set(key, [...(this.waiters.get(key) ?? []), { resolve, reject }])
    })
  }

  private pump(key: string): void {
    const job = this.jobs.get(key)
    if (!job || job.stop || !this.online || this.held.peek().get(key)?.why) return
    job.pause()
    void this.send(key, job)
  }

  private async send(key: string, job: Job): Promise<void> {
    const held = this.held.peek().get(key)
    if (!held) return
    const stop = new AbortController()
    job.stop = stop
    const { ports, send, urlOf, headers } = this.parts
    try {
      const url = urlOf(held.conversation, held.name)
      const onProgress = (part: number): void => this.change(key, { part })
      const up = await upload(ports, send, { url, headers, file: job.file, signal: stop.signal, onProgress })
      this.done(key, up)
    } catch (failure) {
      job.stop = null
      this.failed(key, job, failure)
    }
  }

  private done(key: string, { id, kind, name, mime, size, url }: Omit<Attached, 'key'>): void {
    this.jobs.delete(key)
    this.change(key, { id, kind, name, mime, size, url, part: 1 })
    if (id) for (const { resolve } of this.waiting(key)) resolve(id)
  }

  private failed(key: string, job: Job, failure: unknown): void {
    if (!this.jobs.has(key)) return
    this.change(key, { part: 0 })
    if (isPassing(failure)) {
      const { ports } = this.parts
      const ms = backoffMs(++job.failures, () => ports.random())
      job.pause = ports.after(ms, () => this.pump(key))
      return
    }
    const refusal = failure as Refusal
    const why = refusal.status === 413 ? objectionWords('large', this.parts.most()) : refusal.message
    this.change(key, { why })
    for (const { reject } of this.waiting(key)) reject(new Refusal(refusal.status, refusal.code, why))
  }

  private waiting(key: string): Waiter[] {
    const found = this.waiters.get(key) ?? []
    this.waiters.delete(key)
    return found
  }

  private change(key: string, change: Partial<Held>): void {
    this.keep(
      [...this.held.peek().values()].map((file) => (file.key === key ? { ...file, ...change } : file)),
    )
  }

  private keep(files: readonly Held[]): void {
    this.held.value = new Map(files.map((file) => [file.key, file]))
    stored(this.parts.ports, this.shelf, files)
  }
}
