import { Icon, type IconName } from '../../ui/icons'

const known: Record<string, { icon: IconName; word: string }> = {
  web: { icon: 'globe', word: 'Website' },
  telegram: { icon: 'telegram', word: 'Telegram' },
  whatsapp: { icon: 'whatsapp', word: 'WhatsApp' },
  twilio_whatsapp: { icon: 'whatsapp', word: 'WhatsApp' },
  twilio: { icon: 'whatsapp', word: 'WhatsApp' },
}

export function channelName(channel: string): string {
  return known[channel]?.word ?? channel.charAt(0).toUpperCase() + channel.slice(1)
}

export const channelIcon = (channel: string): IconName => known[channel]?.icon ?? 'chat'

interface ChannelIconProps {
  channel: string
  size?: number
  /** No word stands beside it: a screen reader needs its name. */
  named?: boolean
}

export function ChannelIcon({ channel, size = 14, named = true }: ChannelIconProps) {
  return (
    <span class="channel" title={channelName(channel)}>
      <Icon name={channelIcon(channel)} size={size} />
      {named && <span class="quiet">{channelName(channel)}</span>}
    </span>
  )
}

/** Two bots or numbers of one channel are told apart by their account. */
export function channelPlace(channel: string, account: string): string {
  return channel === 'web' || account === '' ? channelName(channel) : `${channelName(channel)} · ${account}`
}
