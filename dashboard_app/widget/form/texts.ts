import { createI18n } from '../../ui/i18n'
import en from './locales/en'

export const { t, use: useLocale } = createI18n(en, { de: () => import('./locales/de') })
