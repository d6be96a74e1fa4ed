import { expect, test } from 'vitest'
import { memoryShelf } from '../../connection/browser'
import { Drafts } from './drafts'

test('Reply and note of each conversation are kept apart, and survive a reload.', () => {
  const shelf = memoryShelf()
  const drafts = new Drafts(shelf, 'a-sam')
  drafts.write('c-1', 'reply', 'Hello Anna')
  drafts.write('c-1', 'note', 'ask the warehouse')
  drafts.write('c-2', 'reply', 'Hello Marco')
  const after = new Drafts(shelf, 'a-sam')
  expect(after.of('c-1')).toEqual({ reply: 'Hello Anna', note: 'ask the warehouse' })
  expect(after.of('c-2').reply).toBe('Hello Marco')
})

test('Another agent on the same browser sees none of them.', () => {
  const shelf = memoryShelf()
  new Drafts(shelf, 'a-sam').write('c-1', 'reply', 'mine')
  expect(new Drafts(shelf, 'a-priya').has('c-1')).toBe(false)
})

test('A text that is given back stands before what was written since.', () => {
  const drafts = new Drafts(memoryShelf(), 'a-sam')
  drafts.giveBack('c-1', 'reply', 'first')
  drafts.write('c-2', 'reply', 'later')
  drafts.giveBack('c-2', 'reply', 'first')
  expect([drafts.of('c-1').reply, drafts.of('c-2').reply]).toEqual(['first', 'first\nlater'])
})

test('An emptied draft leaves nothing behind, nor does signing out.', () => {
  const shelf = memoryShelf()
  const drafts = new Drafts(shelf, 'a-sam')
  drafts.write('c-1', 'reply', 'x')
  drafts.write('c-1', 'reply', '')
  expect(shelf.getItem('livechat.drafts.a-sam')).toBeNull()
  drafts.write('c-1', 'reply', 'x')
  drafts.forget()
  expect(shelf.getItem('livechat.drafts.a-sam')).toBeNull()
})

test('A browser that refuses storage costs only the reload.', () => {
  const refuse = (): never => {
    throw new Error('quota')
  }
  const drafts = new Drafts({ getItem: refuse, setItem: refuse, removeItem: refuse }, 'a-sam')
  drafts.write('c-1', 'reply', 'kept in memory')
  expect(drafts.of('c-1').reply).toBe('kept in memory')
})
