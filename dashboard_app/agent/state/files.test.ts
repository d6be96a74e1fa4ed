import { expect, test } from 'vitest'
import { FakeUploads, FakeWorld } from '../../connection/fakes'
import { Files } from './files'

const png = (name: string, size = 3) => new File(['x'.repeat(size)], name, { type: 'image/png' })
const up = (id: string) => ({
  id,
  kind: 'image',
  name: `${id}.png`,
  mime: 'image/png',
  size: 3,
  url: `/f/${id}`,
})

function setUp(world = new FakeWorld(), most = 100) {
  const line = new FakeUploads()
  const files = new Files({
    ports: world,
    owner: 'a-sam',
    send: line.send,
    urlOf: (conversation, name) => `/${conversation}?name=${name}`,
    headers: { 'X-LiveChat': '1' },
    most: () => most,
  })
  return { world, line, files, drafted: () => files.drafted('c-1') }
}

function online() {
  const all = setUp()
  all.files.setOnline(true)
  return all
}

test('A file goes up as soon as it is added, and the message takes its id.', async () => {
  const { world, line, files, drafted } = online()
  files.add('c-1', [png('a.png')])
  expect(line.last).toMatchObject({ url: '/c-1?name=a.png', headers: { 'X-LiveChat': '1' } })
  line.last.onProgress(0.5)
  expect(drafted()[0]).toMatchObject({ part: 0.5, id: null })
  const taken = files.take('c-1')
  const ids = files.ids(taken)
  line.last.answer(up('f1'))
  expect(await ids).toEqual(['f1'])
  await world.settle()
  expect([drafted(), files.all.value.size]).toEqual([[], 1])
  files.settle(taken)
  expect(files.all.value.size).toBe(0)
})

test('What can only be refused is not sent, says why and stays in the composer.', () => {
  const { line, files, drafted } = online()
  files.add('c-1', [
    png('big.png', 101),
    new File(['<svg>'], 'x.svg', { type: 'image/svg+xml' }),
    png('ok.png'),
  ])
  expect(line.under).toHaveLength(1)
  expect(drafted().map(({ why }) => why)).toEqual([
    'Larger than 1 kB.',
    'Files of this kind are not taken.',
    null,
  ])
  expect(files.take('c-1').map(({ name }) => name)).toEqual(['ok.png'])
  expect(drafted()).toHaveLength(2)
})

test('A refusal by the service is told under the file, and to the message that waits for it.', async () => {
  const { world, line, files } = online()
  files.add('c-1', [png('a.png')])
  const ids = files.ids(files.take('c-1'))
  line.last.answer({ code: 'invalid', message: 'Files of this kind are not taken.' }, 422)
  await expect(ids).rejects.toMatchObject({ message: 'Files of this kind are not taken.' })
  await world.settle()
  expect([...files.all.value.values()][0]?.why).toBe('Files of this kind are not taken.')
})

test('A line that breaks costs a new try, not the file; without a connection it waits.', async () => {
  const { world, line, files, drafted } = online()
  files.add('c-1', [png('a.png')])
  line.last.drop()
  await world.advance(5_000)
  expect(line.under).toHaveLength(2)
  files.setOnline(false)
  line.last.drop()
  await world.advance(60_000)
  expect(line.under).toHaveLength(2)
  files.setOnline(true)
  expect(line.under).toHaveLength(3)
  line.last.answer(up('f1'))
  await world.settle()
  expect(drafted()[0]?.id).toBe('f1')
})

test('A removed file is called off.', () => {
  const { line, files, drafted } = online()
  files.add('c-1', [png('a.png')])
  files.remove(drafted()[0]!.key)
  expect([line.last.signal.aborted, drafted()]).toEqual([true, []])
})

test('What is up survives a reload; what is not says so when its message wants it.', async () => {
  const { world, line, files } = online()
  files.add('c-1', [png('a.png'), png('b.png')])
  line.under[0]?.answer(up('f1'))
  await world.settle()
  const taken = files.take('c-1')
  const after = setUp(world)
  await expect(after.files.ids(taken.slice(0, 1))).resolves.toEqual(['f1'])
  await expect(after.files.ids(taken)).rejects.toMatchObject({
    message: expect.stringContaining('b.png') as string,
  })
})

test('A message takes ten files, and files of a message that could not go stand in the composer again.', async () => {
  const { world, files, drafted } = online()
  const left = files.add(
    'c-1',
    Array.from({ length: 12 }, (_, number) => png(`${number}.png`)),
  )
  expect(left).toBe(2)
  const taken = files.take('c-1')
  expect(drafted()).toHaveLength(0)
  files.giveBack(taken)
  await world.settle()
  expect(drafted()).toHaveLength(10)
})

test('After a day the service has dropped them, and so have we.', async () => {
  const { world, line, files } = online()
  files.add('c-1', [png('a.png')])
  line.last.answer(up('f1'))
  await world.advance(24 * 3_600_000)
  expect(setUp(world).drafted()).toEqual([])
})
