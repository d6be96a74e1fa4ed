import type { Link, Ports, Refusal } from '../../connection'
import type { SendFile } from '../../connection/upload'
import { CHANGES, uploadUrl, type Api } from './api'
import type { Drafts } from './drafts'
import { Files } from './files'
import type { Notices } from './notices'
import { Outgoing, type Posted } from './outgoing'
import type { Thread } from './thread'
import type { FromServer } from './wire'

export interface PostingParts {
  ports: Ports
  api: Api
  owner: string
  sendFile: SendFile
  mostBytes: () => number
  drafts: Drafts
  notices: Notices
  link: () => Link<FromServer>
  thread: (id: string) => Thread | undefined
  holds: (thread: Thread) => boolean
}

/** The way of a reply or note from the composer into the log, with its files. */
export class Posting {
  readonly files: Files
  readonly outgoing: Outgoing

  constructor(private readonly parts: PostingParts) {
    const { ports, owner, sendFile, mostBytes } = parts
    this.files = new Files({
      ports,
      owner,
      send: sendFile,
      urlOf: uploadUrl,
      headers: CHANGES,
      most: mostBytes,
    })
    this.outgoing = new Outgoing({
      ports,
      owner,
      deliver: (item) => this.deliver(item),
      onLost: (item, refusal) => this.giveBack(item, refusal),
      onGone: ({ body }) => this.files.settle(body.files ?? []),
    })
  }

  setOnline(online: boolean): void {
    this.files.setOnline(online)
    this.outgoing.setOnline(online)
  }

  private async deliver({ id, lane, body }: Posted): Promise<number> {
    const { api } = this.parts
    if (body.tab === 'note') return (await api.note(lane, { client_msg_id: id, text: body.text })).seq
    const ids = await this.files.ids(body.files ?? [])
    const attachments = ids.map((file) => ({ id: file }))
    const thread = this.parts.thread(lane)
    const epoch = thread && this.parts.holds(thread) ? thread.standing.peek().epoch : body.epoch
    const message = { client_msg_id: id, epoch, attachments, ...(body.text && { text: body.text }) }
    const link = this.parts.link()
    if (link.state === 'live') return link.request({ type: 'send', conversation_id: lane, ...message })
    return (await api.message(lane, message)).seq
  }

  /** The customer is no longer mine to answer, or can't be reached now: nothing that was written is lost. */
  private giveBack({ lane, body }: Posted, refusal: Refusal): void {
    this.parts.drafts.giveBack(lane, body.tab, body.text)
    this.files.giveBack(body.files ?? [])
    this.parts.notices.show(refusal.message)
    void this.parts.thread(lane)?.refresh()
  }
}
