import { beforeEach, describe, expect, it } from 'vitest'
import { FakeWorld } from '../../connection/fakes'
import { Refusal, Unreachable } from '../../connection'
import { FORM } from '../keys'
import { Details, wrongIn, type Field, type Filled } from './details'

const GOOD: Record<Field, string> = {
  name: 'Ana',
  email: 'ana@example.org',
  phone: '',
  message: 'My kettle leaks.',
}

let world: FakeWorld
let left: Filled[]
let answer: () => { status: string }

function open(begun = ''): Details {
  const send = (filled: Filled): Promise<never> => {
    left.push(filled)
    return Promise.resolve().then(answer) as Promise<never>
  }
  return new Details({ ports: world, begun, send })
}

function fill(details: Details, values: Partial<Record<Field, string>> = GOOD): Details {
  for (const [field, text] of Object.entries(values)) details.write(field as Field, text)
  return details
}

beforeEach(() => {
  world = new FakeWorld()
  left = []
  answer = () => ({ status: 'pending' })
})

describe('what is wrong with a form', () => {
  it.each<[Partial<Record<Field, string>>, object]>([
    [{}, {}],
    [{ name: '  ' }, { name: 'needName' }],
    [{ email: '', phone: '' }, { email: 'needReach' }],
    [{ email: '', phone: '+49 40 123456' }, {}],
    [{ email: 'ana@example' }, { email: 'wrongEmail' }],
    [{ email: 'ana example.org' }, { email: 'wrongEmail' }],
    [{ email: 'a@b.de, c@d.de' }, { email: 'wrongEmail' }],
    [{ phone: '12' }, { phone: 'wrongPhone' }],
    [{ phone: 'call me' }, { phone: 'wrongPhone' }],
    [{ message: '\n' }, { message: 'needMessage' }],
  ])('%o', (changed, wrong) => {
    expect(wrongIn({ ...GOOD, ...changed })).toEqual(wrong)
  })
})

describe('a contact form', () => {
  it('begins with what stood in the input', () => {
    expect(open('my kettle leaks').values.value.message).toBe('my kettle leaks')
  })

  it('is kept over page changes, the message before what stands in the input', () => {
    fill(open())
    expect(open('other').values.value).toEqual(GOOD)
  })

  it('says nothing of mistakes before the first try, and everything after it', async () => {
    const details = fill(open(), { name: 'Ana' })
    expect(details.wrong.value).toEqual({})
    expect(await details.send()).toBe(false)
    expect(details.wrong.value).toEqual({ email: 'needReach', message: 'needMessage' })
    details.write('message', 'My kettle leaks.')
    expect(details.wrong.value).toEqual({ email: 'needReach' })
    expect(left).toEqual([])
  })

  it('is sent trimmed, and forgotten then', async () => {
    const details = fill(open(), { ...GOOD, name: ' Ana ' })
    expect(await details.send()).toBe(true)
    expect(left).toMatchObject([{ ...GOOD, phone: null }])
    expect(world.tab.getItem(FORM)).toBeNull()
  })

  it('keeps its id over a line that broke, so that it is left once', async () => {
    answer = () => {
      throw new Unreachable('cut')
    }
    const details = fill(open())
    expect(await details.send()).toBe(false)
    expect(details.state.value).toBe('failed')
    answer = () => ({ status: 'pending' })
    expect(await details.send()).toBe(true)
    expect(left[0]?.client_msg_id).toBe(left[1]?.client_msg_id)
  })

  it('is sent once however often Send is pressed', async () => {
    const details = fill(open())
    await Promise.all([details.send(), details.send()])
    expect(left).toHaveLength(1)
  })

  it('takes nothing more while it is sent: what would be typed then would reach nobody', async () => {
    const details = fill(open())
    const sent = details.send()
    details.write('message', 'My kettle leaks, and it is on fire.')
    expect(details.values.value.message).toBe(GOOD.message)
    await sent
    expect(left.map(({ message }) => message)).toEqual([details.values.value.message])
  })

  it('shows at its field what the service refuses', async () => {
    answer = () => {
      throw new Refusal(422, 'invalid', 'No.', { fields: { email: 'an address' } })
    }
    const details = fill(open())
    await details.send()
    expect(details.wrong.value).toEqual({ email: 'wrongEmail' })
  })

  it('stays when live chat takes no forms any more', async () => {
    answer = () => ({ status: 'disabled' })
    const details = fill(open())
    expect(await details.send()).toBe(false)
    expect(details.state.value).toBe('refused')
    expect(details.values.value).toEqual(GOOD)
  })
})
