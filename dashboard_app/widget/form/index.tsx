/** The contact form, in which a visitor leaves their details while nobody is there; loaded when it is wanted first. */
import { sheet } from '../sheet'
import { locale } from '../texts'
import type { Model } from '../views/model'
import { Details } from './details'
import css from './form.css?inline'
import { useLocale } from './texts'
import { DetailsView } from './view'

const styled = new WeakSet<ShadowRoot>()

/** What the panel shows in the place of the conversation until the visitor has sent it or goes back. */
export async function start(model: Model, root: ShadowRoot) {
  if (!styled.has(root)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet(css)]
  styled.add(root)
  await useLocale([locale()])
  const { chat, draft } = model
  const begun = draft.text.trim()
  const details = new Details({
    ports: chat.ports,
    begun,
    send: async (filled) => {
      const opened = await chat.leaveDetails(filled)
      if (begun && filled.message.startsWith(begun)) draft.write('') // It has been said now.
      return opened
    },
  })
  const leave = (): void => {
    model.focusInput = true
    model.form.value = null
  }
  return () => <DetailsView details={details} model={model} leave={leave} />
}
