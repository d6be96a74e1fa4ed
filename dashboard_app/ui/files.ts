/** What the pages know of files before the service sees them: it alone decides, by their bytes. */
import type { Attachment } from '../protocol/wire'

/** The `accept` of a file chooser. Phones that keep pictures as HEIC hand out a JPEG for it. */
export const ACCEPT =
  'image/jpeg,image/png,image/gif,image/webp,audio/*,video/mp4,.pdf,.txt,.csv,.zip,.doc,.docx,.xls,.xlsx,.ppt,.pptx,.odt,.ods'

/** The most files that one message takes. */
export const MOST_FILES = 10

const shown = /^image\/(jpeg|png|gif|webp)$/
const surelyNot = /^(image\/|video\/(?!mp4$)|text\/(ht|x)ml$)/

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
  const [unit, size] = bytes < 1e6 ? ['kilobyte', 1e3] : ['megabyte', 1e6]
  const words = new Intl.NumberFormat(locale, { style: 'unit', unit, maximumSignificantDigits: 2 })
  return words.format(Math.max(1, bytes / size))
}

/** "PDF", by the name's ending. */
export function fileType(name: string | null): string {
  return /\.([a-z0-9]{1,5})$/i.exec(name ?? '')?.[1]?.toUpperCase() ?? ''
}
