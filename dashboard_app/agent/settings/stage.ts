import { effect, signal, untracked } from '@preact/signals'
import type { Desk } from '../state/desk'
import type { Route } from '../state/route'
import { settingsDraftKey } from '../state/settings'
import { SettingsApi } from './api'
import { KeptDraft } from './state/draft'
import { Foresight } from './state/foresight'
import { SettingsPage } from './state/page'
import { historyOf, mailLogOf, Offered, TestMailing } from './state/pages'
import type { Loaded } from './wire'

/** Everything that the settings page works with, from the moment it is opened until it is left. */
export class Stage {
  readonly page: SettingsPage
  readonly foresight: Foresight
  readonly history
  readonly mails
  readonly testMail: TestMailing
  readonly offered: Offered
  /** Where somebody with unsaved changes wants to go. */
  readonly leaving = signal<Route | null>(null)
  private followed = 0
  private readonly stops: (() => void)[] = []

  constructor(
    readonly desk: Desk,
    loaded: Loaded,
  ) {
    const { ports, api: wire, router } = desk.parts
    const api = new SettingsApi(wire)
    this.page = new SettingsPage(loaded, { api, clock: ports, onSaved: (now) => this.saved(now) })
    this.foresight = new Foresight({
      api,
      clock: ports,
      document: this.page.document,
      judge: (document, fields) => this.page.judged(document, fields),
    })
    this.history = historyOf(api)
    this.mails = mailLogOf(api)
    this.testMail = new TestMailing(api)
    this.offered = new Offered(api)
    void this.offered.load()
    const kept = new KeptDraft(ports.tab, settingsDraftKey(desk.agent.id))
    const draft = kept.read()
    if (draft && loaded.may_change) this.page.restore(draft)
    this.stops.push(effect(() => kept.keep(this.page.draft)))
    this.stops.push(effect(() => this.follow()))
    router.hold = (to) => this.holds(to)
  }

  close(): void {
    this.desk.parts.router.hold = null
    this.foresight.close()
    for (const stop of this.stops) stop()
  }

  /** Goes where somebody wanted to go, whatever is unsaved. */
  leave(): void {
    const to = this.leaving.peek()
    if (!to) return
    this.leaving.value = null
    this.page.discard()
    this.desk.parts.router.go(to)
  }

  async saveAndLeave(): Promise<void> {
    await this.page.save()
    if (this.page.dirty) this.leaving.value = null
    else this.leave()
  }

  discard(): void {
    this.page.discard()
    this.desk.notices.show('Your changes are discarded.', { name: 'Undo', go: () => this.page.giveBack() })
  }

  private holds(to: Route): boolean {
    if (!this.page.dirty) return false
    this.leaving.value = to
    return true
  }

  private follow(): void {
    const read = this.desk.settings.value
    if (!read) return
    untracked(() => {
      this.page.arrived(read)
      // It opened or closed, or somebody saved: what is asked about now has another answer.
      if (this.followed++ > 0) this.foresight.again()
      const newest = this.history.items.peek()?.[0]?.version
      if (newest !== undefined && newest < read.version) void this.history.load()
    })
  }

  private saved(now: Loaded): void {
    this.desk.takeSettings(now as Parameters<Desk['takeSettings']>[0])
  }
}
