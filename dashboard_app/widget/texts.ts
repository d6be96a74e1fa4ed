import { createI18n } from '../ui/i18n'
import en from './locales/en'

/** The widget's texts: English at once, every other language when the visitor's browser or the site asks for it. */
export const {
  t,
  locale,
  use: useLocale,
} = createI18n(en, {
  de: () => import('./locales/de'),
})
