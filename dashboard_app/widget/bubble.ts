/** The bubble that the loader drew, once the app knows what is going on. */
import { t } from './texts'

const CHAT = 'M4 5h16v11H9l-5 4z'
const DOWN = 'M6 9l6 6 6-6'
const MOST = 99

export function showBubble(bubble: HTMLButtonElement, open: boolean, unread: number): void {
  const news = open ? 0 : unread
  bubble.setAttribute('aria-expanded', String(open))
  bubble.setAttribute(
    'aria-label',
    open ? t('closeChat') : news ? t('openChatNew', { count: news }) : t('openChat'),
  )
  bubble.querySelector('path')?.setAttribute('d', open ? DOWN : CHAT)
  bubble.querySelector('.badge')?.remove()
  if (news === 0) return
  const badge = document.createElement('span')
  badge.className = 'badge'
  badge.textContent = news > MOST ? `${MOST}+` : String(news)
  bubble.append(badge)
}
