/** What a visitor fills in for the team: checked as the service checks it, kept over page changes, sent once. */
import { isPassing, Refusal, type Ports } from '../../connection'
import type { Schemas, Sent } from '../../protocol/wire'
import { cell } from '../cell'
import { FORM } from '../keys'

export type Filled = Sent<Schemas['ContactForm']>
export const FIELDS = ['name', 'email', 'phone', 'message'] as const
export type Field = (typeof FIELDS)[number]
export type Wrong = 'needName' | 'needReach' | 'wrongEmail' | 'wrongPhone' | 'needMessage'

const WORD = '[^@\\s,;:<>()[\\]\\\\"]+'
const EMAIL = new RegExp(`^${WORD}@${WORD}\\.${WORD}$`)
const PHONE = /^\+?([ ()/.-]*[0-9]){5,}[ ()/.-]*$/

interface Options {
  ports: Pick<Ports, 'newId' | 'tab'>
  /** What stood in the input when the form was opened: the beginning of the message. */
  begun: string
  send: (filled: Filled) => Promise<Schemas['HandoverOpened']>
}

export class Details {
  readonly values = cell<Readonly<Record<Field, string>>>({ name: '', email: '', phone: '', message: '' })
  readonly state = cell<'writing' | 'sending' | 'failed' | 'refused'>('writing')
  readonly wrong = cell<Partial<Record<Field, Wrong>>>({})
  /** The same form keeps its id until it was answered, so that sending it again leaves it once. */
  #id: string | null = null
  #tried = false

  constructor(private readonly options: Options) {
    const kept = read(options.ports.tab.getItem(FORM))
    this.values.value = { ...this.values.value, ...kept, message: kept.message ?? options.begun }
  }

  /** Nothing is taken while the form is on its way: it would be forgotten with what was sent. */
  write(field: Field, text: string): void {
    if (this.state.value === 'sending') return
    this.values.value = { ...this.values.value, [field]: text }
    this.#id = null
    this.options.ports.tab.setItem(FORM, JSON.stringify(this.values.value))
    if (this.#tried) this.wrong.value = wrongIn(this.values.value)
  }

  /** True when the service has it. */
  async send(): Promise<boolean> {
    if (this.state.value === 'sending') return false
    this.#tried = true
    this.wrong.value = wrongIn(this.values.value)
    if (Object.keys(this.wrong.value).length > 0) return false
    this.state.value = 'sending'
    this.#id ??= this.options.ports.newId()
    try {
      const { status } = await this.options.send(filled(this.values.value, this.#id))
      this.state.value = status === 'disabled' ? 'refused' : 'writing'
    } catch (error) {
      this.state.value = isPassing(error) ? 'failed' : 'refused'
      this.wrong.value = error instanceof Refusal ? namedBy(error) : {}
    }
    if (this.state.value !== 'writing') return false
    this.options.ports.tab.removeItem(FORM)
    return true
  }
}

export function wrongIn(values: Readonly<Record<Field, string>>): Partial<Record<Field, Wrong>> {
  const { name, email, phone, message } = trimmed(values)
  return {
    ...(!name && { name: 'needName' }),
    ...(!email && !phone && { email: 'needReach' }),
    ...(email && !EMAIL.test(email) && { email: 'wrongEmail' }),
    ...(phone && !PHONE.test(phone) && { phone: 'wrongPhone' }),
    ...(!message && { message: 'needMessage' }),
  }
}

function filled(values: Readonly<Record<Field, string>>, id: string): Filled {
  const { name, email, phone, message } = trimmed(values)
  return { client_msg_id: id, name, email: email || null, phone: phone || null, message }
}

function trimmed(values: Readonly<Record<Field, string>>): Record<Field, string> {
  return Object.fromEntries(FIELDS.map((field) => [field, values[field].trim()])) as Record<Field, string>
}

/** The service is the judge: what it names is shown at its field. */
function namedBy({ data }: Refusal): Partial<Record<Field, Wrong>> {
  const named = Object.keys((data['fields'] as object | undefined) ?? {})
  const words = {
    name: 'needName',
    email: 'wrongEmail',
    phone: 'wrongPhone',
    message: 'needMessage',
  } as const
  return Object.fromEntries(FIELDS.filter((field) => named.includes(field)).map((one) => [one, words[one]]))
}

function read(kept: string | null): Partial<Record<Field, string>> {
  try {
    return JSON.parse(kept ?? '{}') as Partial<Record<Field, string>>
  } catch {
    return {}
  }
}
