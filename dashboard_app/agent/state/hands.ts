import { reasonOf } from './api'
import { Claiming } from './claiming'
import type { Desk } from './desk'
import { Redelivery } from './redelivery'
import { Resolving } from './resolving'

/** What changes hands, or must be held: how taking, resolving and sending again act on the rest of the desk. */
export function makeClaiming(desk: Desk): Claiming {
  return new Claiming({
    claim: (id) => desk.parts.api.claim(id),
    me: desk.me,
    onTaken: (id, { epoch }) => {
      becomeHolder(desk, id, epoch)
      desk.focus.ask('composer')
    },
    onLost: (id, winner) => {
      if (desk.threads.current.peek()?.id !== id) return
      desk.notices.say(`${winner.name} took this conversation. You can go to the next one or watch.`)
      desk.focus.ask('offer')
    },
  })
}

export function makeResolving(desk: Desk): Resolving {
  const { api, ports } = desk.parts
  return new Resolving({
    clock: ports,
    resolve: (id, body) => api.resolve(id, body),
    reopen: (id, epoch) => api.reopen(id, epoch),
    onResolved: (id, epoch) => {
      desk.threads
        .get(id)
        ?.takeStanding({ epoch, holder: { kind: 'bot', id: null, name: null }, since: null })
      desk.notices.say('Resolved. Undo is offered for eight seconds.')
    },
    onReopened: (id, epoch) => {
      becomeHolder(desk, id, epoch)
      desk.parts.router.go({ list: 'mine', conversation: id })
    },
    onFailed: (reason) => desk.notices.show(reason),
  })
}

export function makeRedelivery(desk: Desk): Redelivery {
  return new Redelivery({
    ask: (id, seq, verb, epoch) => desk.parts.api.redeliver(id, seq, verb, epoch),
    onFailed: (id, failure) => {
      desk.notices.show(reasonOf(failure))
      void desk.threads.get(id)?.refresh()
    },
  })
}

function becomeHolder(desk: Desk, id: string, epoch: number): void {
  const since = new Date(desk.ticker.now.peek()).toISOString()
  const holder = { kind: 'agent' as const, id: desk.agent.id, name: desk.agent.name }
  desk.threads.get(id)?.takeStanding({ epoch, holder, since })
  desk.tab.value = 'reply'
  const route = desk.parts.router.route.peek()
  if (route.conversation === id) desk.parts.router.go({ list: 'mine' }, 'replace')
}
