import { fileSize, type Objection } from '../../ui/files'

/** Why a file is not taken, for the agent who added it. */
export function objectionWords(why: Objection, most: number): string {
  switch (why) {
    case 'empty':
      return 'This file is empty.'
    case 'large':
      return `Larger than ${fileSize(most)}.`
    case 'kind':
      return 'Files of this kind are not taken.'
  }
}
