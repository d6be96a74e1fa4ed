import { useEffect, useRef, useState } from 'preact/hooks'
import type { Model } from '../views/model'
import { FIELDS, type Details, type Field } from './details'
import { t } from './texts'

const MAX = { name: 120, email: 254, phone: 40, message: 8000 } as const
const MODES = { name: 'text', email: 'email', phone: 'tel' } as const
const HINTS = { name: 'name', email: 'email', phone: 'tel', message: 'off' } as const

/** The contact form, in the place of the conversation. */
export function DetailsView({
  details,
  model,
  leave,
}: {
  details: Details
  model: Model
  leave: () => void
}) {
  const form = useRef<HTMLFormElement>(null)
  const { texts } = model.chat.around.value?.config ?? {}
  const state = details.state.value
  // Where the focus goes after a try that named something: to the first field that is wrong.
  const [tries, setTries] = useState(0)
  useEffect(() => {
    const empty = FIELDS.find((field) => !details.values.value[field] && field !== 'phone')
    const first = tries ? FIELDS.find((field) => details.wrong.value[field]) : (empty ?? 'message')
    form.current?.querySelector<HTMLElement>(`[name='${first}']`)?.focus()
  }, [tries])
  return (
    <form
      class="details"
      aria-labelledby="lc-details"
      noValidate
      ref={form}
      onSubmit={(event) => {
        event.preventDefault()
        void details.send().then((done) => (done ? leave() : setTries(tries + 1)))
      }}
    >
      <h3 id="lc-details">{texts?.leave_details}</h3>
      <p class="why">{texts?.out_of_hours}</p>
      <Entry field="name" details={details} />
      <fieldset>
        <legend>{t('either')}</legend>
        <Entry field="email" details={details} />
        <Entry field="phone" details={details} />
      </fieldset>
      <Entry field="message" details={details} />
      <p role="status" class="hitch">
        {(state === 'failed' || state === 'refused') && t(state)}
      </p>
      <div class="last">
        <button type="button" class="choice" onClick={leave}>
          {t('back')}
        </button>
        <button class="go" aria-disabled={state === 'sending'}>
          {state === 'sending' ? t('sending') : t('send')}
        </button>
      </div>
    </form>
  )
}

function Entry({ field, details }: { field: Field; details: Details }) {
  const wrong = details.wrong.value[field]
  const id = `lc-${field}`
  const shared = {
    id,
    name: field,
    value: details.values.value[field],
    maxLength: MAX[field],
    readOnly: details.state.value === 'sending',
    autocomplete: HINTS[field],
    'aria-invalid': Boolean(wrong),
    'aria-describedby': wrong && `${id}-wrong`,
    'aria-required': field === 'name' || field === 'message',
    onInput: (event: { currentTarget: HTMLInputElement | HTMLTextAreaElement }) =>
      details.write(field, event.currentTarget.value),
  }
  return (
    <div class="entry">
      <label for={id}>{t(field)}</label>
      {field === 'message' ? (
        <textarea rows={4} {...shared} />
      ) : (
        <input inputMode={MODES[field]} {...shared} />
      )}
      {wrong && (
        <p id={`${id}-wrong`} class="wrong">
          {t(wrong)}
        </p>
      )}
    </div>
  )
}
