import { expect, test } from 'vitest'
import { fromPath, Router, toPath, type Address, type ListName } from './route'

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
      expect(fromPath(toPath({ list, conversation }))).toEqual({ list, conversation })
    }
  }
})

test('An unknown address opens Pending.', () => {
  expect(fromPath('/')).toEqual({ list: 'pending', conversation: null })
  expect(fromPath('/nowhere')).toEqual({ list: 'pending', conversation: null })
})

test('Back closes the conversation; a move without a step leaves none behind.', () => {
  const bar = new Bar()
  const router = new Router(bar)
  router.go({ conversation: 'c-1' })
  router.go({ list: 'mine' }, 'replace')
  expect(bar.location.pathname).toBe('/live-chat/claimed/c/c-1')
  bar.back()
  expect(router.route.value).toEqual({ list: 'pending', conversation: null })
})
