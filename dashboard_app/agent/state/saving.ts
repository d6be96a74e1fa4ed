import { isPassing, type Ports } from '../../connection'
import { answerOf } from '../../connection/http'
import { reasonOf } from './api'

/** Why a file can't be shown or saved now, and whether trying again makes sense. */
export interface Trouble {
  why: string
  passing: boolean
}

type Fetching = Pick<Ports, 'fetch'>

/** A picture did not load: an `<img>` does not say why, the service does. */
export async function troubleWith(ports: Fetching, url: string): Promise<Trouble> {
  try {
    const response = await ports.fetch(url, {})
    if (!response.ok) await answerOf(response)
    return { why: 'It can’t be shown here.', passing: true }
  } catch (failure) {
    return troubleOf(failure)
  }
}

/** Saves a file under its name; null when that worked. A link alone would save the service's refusal in its place. */
export async function saveFile(ports: Fetching, url: string, name: string): Promise<Trouble | null> {
  try {
    const response = await ports.fetch(url, {})
    if (!response.ok) await answerOf(response)
    handOver(await response.blob(), name)
    return null
  } catch (failure) {
    return troubleOf(failure)
  }
}

function handOver(file: Blob, name: string): void {
  const url = URL.createObjectURL(file)
  const anchor = document.createElement('a')
  anchor.href = url
  anchor.download = name
  anchor.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}

function troubleOf(failure: unknown): Trouble {
  return { why: reasonOf(failure), passing: isPassing(failure) }
}
