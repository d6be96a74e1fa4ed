import type { Translation } from '../../../ui/i18n'
import type en from './en'

const de: Translation<typeof en> = {
  picture: 'Bild',
  file: 'Datei',
  notShown: 'Lässt sich hier nicht zeigen',
  attach: 'Datei anhängen',
  uploading: '{name} wird gesendet',
  remove: '{name} entfernen',
  empty: 'Diese Datei ist leer.',
  large: 'Größer als {size}.',
  kind: 'Dateien dieser Art werden nicht angenommen.',
  line: 'Das hat nicht geklappt.',
}

export default de
