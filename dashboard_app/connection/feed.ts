/**
 * One conversation's log as this browser holds it.
 *
 * What must hold: events are handed on once, in order of `seq`, without a hole. `seq` itself may have holes (a customer
 * never sees notes); `prev` names the event before it *for this reader*, and only `prev` > the last seq held means that
 * something is missing. Then the range is asked for, while what arrives meanwhile is held back.
 */
import type { Events, WireEvent } from '../protocol/wire'

/** The `limit` of range requests and polls: a full page means that there is more. */
export const PAGE = 200

export interface FeedOptions {
  /** GET …/events?after=&limit= */
  range: (after: number, limit: number) => Promise<Events>
  /** New events, in order; `fresh` when they replace everything held before. */
  onEvents: (events: WireEvent[], fresh: boolean) => void
  /** The hole could not be closed: recycle the link, which resumes from the last seq held. */
  onLost: () => void
}

export class Feed {
  #last: number
  #held: WireEvent[] = []
  #filling = false
  #fresh = false

  /** `after` is the seq behind which the log is wanted; what came before it is nobody's gap. */
  constructor(
    private readonly options: FeedOptions,
    after = 0,
  ) {
    this.#last = after
  }

  /** The last seq held: the `after` of the next hello, subscribe or poll. */
  get last(): number {
    return this.#last
  }

  /** An event that was pushed. */
  take(event: WireEvent): void {
    if (event.seq <= this.#last) return
    if (!this.#filling && event.prev <= this.#last) {
      this.#hand([event])
      return
    }
    this.#held.push(event)
    this.fill()
  }

  /** The answer of a poll, asked for with `after` = last and `limit` = PAGE. */
  takeRange(range: Events): void {
    this.#accept(range)
    if (range.events.length >= PAGE) this.fill()
  }

  /** The service says that we are too far behind: drop what is held and take it anew. */
  restart(): void {
    this.#forget()
    this.#held = []
    this.fill()
  }

  /** Asks for what is missing; at most one request is under way. */
  fill(): void {
    if (this.#filling) return
    this.#filling = true
    void this.#fill()
  }

  async #fill(): Promise<void> {
    const before = this.#last
    try {
      let range: Events
      do {
        range = await this.options.range(this.#last, PAGE)
        this.#accept(range)
      } while (range.events.length >= PAGE)
    } catch {
      this.#giveUp()
      return
    }
    this.#filling = false
    this.#release(this.#last > before)
  }

  /** What came while the range was under way; a hole that no range closes ends in a new connection, not in a loop. */
  #release(progress: boolean): void {
    const held = this.#held.sort((a, b) => a.seq - b.seq)
    this.#held = []
    const hole = held.find((event) => event.seq > this.#last)
    if (hole && hole.prev > this.#last && !progress) this.#giveUp()
    else held.forEach((event) => this.take(event))
  }

  #giveUp(): void {
    this.#filling = false
    this.#held = []
    this.options.onLost()
  }

  #accept(range: Events): void {
    if (range.reset) this.#forget()
    this.#hand(range.events.filter((event) => event.seq > this.#last))
  }

  #hand(news: WireEvent[]): void {
    const newest = news[news.length - 1]
    if (!newest) return
    this.#last = newest.seq
    const fresh = this.#fresh
    this.#fresh = false
    this.options.onEvents(news, fresh)
  }

  #forget(): void {
    this.#last = 0
    this.#fresh = true
  }
}
