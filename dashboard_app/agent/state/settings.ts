import type { SettingsDocument } from './wire'

/** Where a tab keeps settings that are not saved yet. */
export const settingsDraftKey = (agent: string): string => `livechat.settings.${agent}`

const MEGABYTE = 1_000_000

/** The largest file that may be sent, in bytes; 0 when files are switched off. */
export function mostBytesIn(document: SettingsDocument['document']): number {
  const { attachments } = document as { attachments?: { enabled?: unknown; max_megabytes?: unknown } }
  const most = attachments?.max_megabytes
  return attachments?.enabled === true && typeof most === 'number' ? most * MEGABYTE : 0
}
