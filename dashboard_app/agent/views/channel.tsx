import { Icon, type IconName } from '../../ui/icons'

const known: Record<string, { icon: IconName; word: string }> = {
  web: { icon: 'globe', word: 'Website' },
  telegram: { icon: 'telegram', word: 'Telegram' },
  whatsapp: { icon: 'whatsapp', word: 'WhatsApp' },
  twilio: { icon: 'whatsapp', word: 'WhatsApp' },
}

export function channelName(channel: string): string {
  return known[channel]?.word ?? channel.charAt(0).toUpperCase() + channel.slice(1)
}

export function ChannelIcon({ channel, size = 14 }: { channel: string; size?: number }) {
  return (
    <span class="channel" title={channelName(channel)}>
      <Icon name={known[channel]?.icon ?? 'chat'} size={size} />
      <span class="quiet">{channelName(channel)}</span>
    </span>
  )
}
