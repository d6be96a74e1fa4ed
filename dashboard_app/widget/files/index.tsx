/** The part of the chat that shows pictures and files and lets visitors send them; loaded when it is needed first. */
import type { Attachment } from '../../protocol/wire'
import { sheet } from '../sheet'
import { locale } from '../texts'
import type { Model } from '../views/model'
import { Attached, nameOf } from './attached'
import css from './files.css?inline'
import { useLocale } from './texts'
import { Tray } from './tray'
import { TrayView } from './tray_view'

export type FilesPart = Awaited<ReturnType<typeof start>>

export async function start(model: Model, root: ShadowRoot) {
  const tray = new Tray(model.chat)
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet(css)]
  await useLocale([locale()])
  return {
    show: (attachment: Attachment) => (
      <Attached key={attachment.url} attachment={attachment} base={model.chat.base} />
    ),
    /** What a screen reader hears of a message without words. */
    name: nameOf,
    tray: () => <TrayView tray={tray} model={model} />,
    any: () => tray.sound.length > 0,
    paste: (event: ClipboardEvent): void => {
      const files = [...(event.clipboardData?.files ?? [])]
      if (files.length === 0 || tray.most === 0) return
      event.preventDefault()
      tray.add(files)
    },
    release: tray.release.bind(tray),
  }
}
