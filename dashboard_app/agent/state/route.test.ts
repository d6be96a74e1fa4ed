import { expect, test } from 'vitest'
import { fromPath, Router, toPath, type Address, type ListName, type Route } from './route'

class Bar implements Address {
  readonly past: string[] = []
  location = { pathname: '/live-chat/pending' }
  back: () => void = () => undefined
  history = {
    pushState: (_: unknown, __: string, url: string): void => {
      this.past.push(this.location.pathname)
      this.location.pathname = url
    },
    replaceState: (_: unknown, __: string, url: string): void => {
      this.location.pathname = url
    },
  }

  addEventListener(_: 'popstate', run: () => void): void {
    this.back = () => {
      this.location.pathname = this.past.pop() ?? '/'
      run()
    }
  }
}

test('Every list and conversation has an address that leads back to it.', () => {
  for (const list of ['pending', 'mine', 'claimed', 'resolved', 'bot'] as ListName[]) {
    for (const conversation of [null, 'c-1/ü']) {
      const route: Route = { page: 'chat', list, conversation }
      expect(fromPath(toPath(route))).toEqual(route)
    }
  }
})

test('An unknown address opens Pending.', () => {
  const pending = { page: 'chat', list: 'pending', conversation: null }
  expect(fromPath('/')).toEqual(pending)
  expect(fromPath('/nowhere')).toEqual(pending)
})

test('Back closes the conversation; a move without a step leaves none behind.', () => {
  const bar = new Bar()
  const router = new Router(bar)
  router.go({ conversation: 'c-1' })
  router.go({ list: 'mine' }, 'replace')
  expect(bar.location.pathname).toBe('/live-chat/claimed/c/c-1')
  bar.back()
  expect(router.route.value).toEqual({ page: 'chat', list: 'pending', conversation: null })
})

test('The settings have an address of their own.', () => {
  const route = fromPath('/live-chat/settings/')
  expect([route.page, toPath(route)]).toEqual(['settings', '/live-chat/settings'])
})

test('A move that is held leaves page and address where they are, by a link and by Back.', () => {
  const bar = new Bar()
  const router = new Router(bar)
  router.go({ page: 'settings' })
  const wanted: Route[] = []
  router.hold = (to) => wanted.push(to) > 0
  router.go({ page: 'chat', list: 'mine' })
  bar.back()
  expect(bar.location.pathname).toBe('/live-chat/settings')
  expect(router.route.value.page).toBe('settings')
  expect(wanted.map(({ list }) => list)).toEqual(['mine', 'pending'])
  router.hold = null
  router.go({ page: 'chat' })
  expect(router.route.value.page).toBe('chat')
})
