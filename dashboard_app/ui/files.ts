/** What the pages know of files before the service sees them: it alone decides, by their bytes. */
import type { Attachment } from '../protocol/wire'

/** The `accept` of a file chooser. Phones that keep pictures as HEIC hand out a JPEG for it. */
export const ACCEPT =
  'image/jpeg,image/png,image/gif,image/webp,application/pdf,.doc,.docx,.xls,.xlsx,.ppt,.pptx,.odt,.ods,.zip,text/plain,.csv,audio/*,video/mp4'

/** The most files that one message takes. */
export const MOST_FILES = 10

const shown = /^image\/(jpeg|png|gif|webp)$/
const surelyNot = /^(image\/|video\/(?!mp4$)|text\/html$|text\/xml$)/

export type Objection = 'empty' | 'large' | 'kind'

/** Why a file need not even be sent; null when the service should look at it. */
export function objection({ size, type }: Pick<File, 'size' | 'type'>, most: number): Objection | null {
  if (size === 0) return 'empty'
  if (surelyNot.test(type) && !shown.test(type)) return 'kind'
  return size > most ? 'large' : null
}

export function kindOf(type: string): Attachment['kind'] {
  return shown.test(type) ? 'image' : 'file'
}

/** "2.4 MB", "240 kB" in the reader's own way; nothing is smaller than 1 kB. */
export function fileSize(bytes: number, locale?: string): string {
  const large = bytes >= 1e6
  const amount = large ? bytes / 1e6 : Math.max(1, bytes / 1e3)
  const unit = large ? 'megabyte' : 'kilobyte'
  const maximumFractionDigits = large && amount < 10 ? 1 : 0
  return new Intl.NumberFormat(locale, { style: 'unit', unit, maximumFractionDigits }).format(amount)
}

/** "PDF" by the name's ending, else by the type. */
export function fileType({ name, mime }: Pick<Attachment, 'name' | 'mime'>): string {
  const ending = /\.([a-z0-9]{1,5})$/i.exec(name ?? '')?.[1] ?? mime?.split('/').pop()?.split('.').pop() ?? ''
  return ending.toUpperCase()
}
