import { useSignal } from '@preact/signals'
import { Icon } from '../../../ui/icons'
import { put } from '../state/document'
import { shapeOf, TEXTS, type TextName } from '../state/shape'
import { languageName, textNames } from '../state/words'
import { isChanged, SelectField, TextField } from './field'
import { Section, type StageProps } from './section'

const OPENING =
  '{next_opening} becomes the time of the next opening; a sentence that needs it is left out while none is known.'

const helps: Partial<Record<TextName, string>> = {
  handover: 'Said once when a conversation is handed to a person.',
  out_of_hours: `Said once when somebody asks for a person and nobody can come. ${OPENING}`,
  greeting: 'The first line of a new conversation. Empty: none.',
  talk_to_human: 'At most 20 characters: WhatsApp has room for no more.',
  leave_details: 'Out of hours it stands in the place of “Talk to Human”. At most 20 characters.',
  form_received: `Said once when somebody has left their details. ${OPENING}`,
  requeued: 'Said when the agent was gone for too long and the conversation waits again.',
  bot_silent: 'Said when the bot takes too long and a person is asked.',
  bot_silent_alone: 'Said when the bot takes too long and nobody can be asked.',
}

/** Within a language; the full names are those of the team's own texts. */
const shortNames: Record<TextName, string> = {
  handover: 'on handover',
  out_of_hours: 'out of hours',
  greeting: 'greeting',
  talk_to_human: 'button to a person',
  leave_details: 'button to the contact form',
  form_received: 'after the contact form',
  requeued: 'when an agent had to step away',
  bot_silent: 'when the bot does not answer',
  bot_silent_alone: 'when the bot does not answer and nobody is there',
}

const FIRST: readonly TextName[] = ['handover', 'out_of_hours']
const FURTHER = TEXTS.filter((name) => !FIRST.includes(name))
const BUTTONS: readonly TextName[] = ['talk_to_human', 'leave_details']
const rowsOf = (name: TextName): number => (BUTTONS.includes(name) ? 0 : 2)

export function Messages({ stage }: StageProps) {
  const { page } = stage
  const { language } = shapeOf(page.document.value).messages
  const field = (name: TextName) => (
    <TextField
      page={page}
      key={name}
      name={`messages.${name}`}
      label={textNames[name] ?? name}
      help={helps[name]}
      rows={rowsOf(name)}
      lang={language}
    />
  )
  return (
    <Section
      id="messages"
      title="Messages"
      page={page}
      about="What the system says to customers, on every channel."
    >
      {FIRST.map(field)}
      <details class="fold">
        <summary>Further texts</summary>
        <div class="fold-body">{FURTHER.map(field)}</div>
      </details>
      <details class="fold">
        <summary>
          Languages
          <Count languages={Object.keys(shapeOf(page.document.value).messages.translations)} />
        </summary>
        <div class="fold-body">
          <Languages stage={stage} />
        </div>
      </details>
    </Section>
  )
}

function Count({ languages }: { languages: string[] }) {
  return <span class="muted"> {languages.length ? languages.map(languageName).join(', ') : 'only one'}</span>
}

function Languages({ stage }: StageProps) {
  const { page, offered } = stage
  const { messages } = shapeOf(page.document.value)
  const known = offered.choices.value.languages
  const named = (code: string): string => known.find((one) => one.code === code)?.name ?? languageName(code)
  const own = known.some(({ code }) => code === messages.language)
    ? known
    : [{ code: messages.language, name: languageName(messages.language) }, ...known]
  return (
    <>
      <SelectField
        page={page}
        name="messages.language"
        label="Language of the texts above"
        help="What is missing in another language is said in this one."
        options={own.map(({ code, name }) => ({ value: code, name }))}
        onPick={(code) => page.set('messages.language', code)}
      />
      {Object.keys(messages.translations).map((code) => (
        <Language key={code} stage={stage} code={code} name={named(code)} />
      ))}
      <AddLanguage stage={stage} />
    </>
  )
}

interface LanguageProps extends StageProps {
  code: string
  name: string
}

function Language({ stage: { page }, code, name }: LanguageProps) {
  const key = `messages.translations.${code}`
  const { messages } = shapeOf(page.document.value)
  return (
    <fieldset class={`language${isChanged(page, key) ? ' changed' : ''}`}>
      <legend>
        {name} <span class="muted">{code}</span>
      </legend>
      {TEXTS.map((text) => (
        <TextField
          page={page}
          key={text}
          name={`${key}.${text}`}
          label={`${name}: ${shortNames[text]}`}
          placeholder={messages[text]}
          rows={rowsOf(text)}
          empty={null}
          lang={code}
        />
      ))}
      <button type="button" class="button small-button" onClick={() => page.set(key, undefined)}>
        <Icon name="close" size={16} /> Remove {name}
      </button>
    </fieldset>
  )
}

/** "German (Deutsch)": found by those who look for either. */
function bothNames(code: string, own: string): string {
  const english = languageName(code)
  return english === own ? own : `${english} (${own})`
}

function AddLanguage({ stage: { page, offered } }: StageProps) {
  const picked = useSignal('')
  const { language, translations } = shapeOf(page.document.value).messages
  const free = offered.choices.value.languages
    .filter(({ code }) => code !== language && !(code in translations))
    .map(({ code, name }) => ({ code, name: bothNames(code, name) }))
    .sort((one, other) => one.name.localeCompare(other.name))
  const add = (): void => {
    if (picked.value === '') return
    page.document.value = put(page.document.value, `messages.translations.${picked.value}`, {})
    picked.value = ''
  }
  return (
    <div class="add-line">
      <label class="field-label" for="add-language">
        Add a language
      </label>
      <span class="add-pair">
        <select
          id="add-language"
          class="input"
          value={picked.value}
          onChange={(event) => (picked.value = event.currentTarget.value)}
        >
          <option value="">Choose…</option>
          {free.map(({ code, name }) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </select>
        <button type="button" class="button" disabled={picked.value === ''} onClick={add}>
          <Icon name="add" size={16} /> Add
        </button>
      </span>
    </div>
  )
}
