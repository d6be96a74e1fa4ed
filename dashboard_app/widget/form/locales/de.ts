import type { Translation } from '../../../ui/i18n'
import type en from './en'

const de: Translation<typeof en> = {
  name: 'Ihr Name',
  email: 'E-Mail',
  phone: 'Telefon',
  either: 'Eine E-Mail-Adresse oder Telefonnummer, damit wir antworten können.',
  message: 'Nachricht',
  send: 'Nachricht senden',
  sending: 'Wird gesendet …',
  back: 'Zurück zum Chat',
  needName: 'Bitte nennen Sie uns Ihren Namen.',
  needReach: 'Bitte hinterlassen Sie eine E-Mail-Adresse oder Telefonnummer.',
  wrongEmail: 'Das sieht nicht wie eine E-Mail-Adresse aus, etwa ana@example.org.',
  wrongPhone: 'Das sieht nicht wie eine Telefonnummer aus, etwa +49 40 123456.',
  needMessage: 'Bitte schreiben Sie, worum es geht.',
  failed: 'Das kam nicht durch. Ihr Text ist noch da; bitte versuchen Sie es noch einmal.',
  refused: 'Zurzeit können wir hier keine Nachrichten annehmen.',
}

export default de
