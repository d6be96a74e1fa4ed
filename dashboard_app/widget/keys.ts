/** Names under which the widget keeps things in the visitor's browser. */
export const SESSION = 'livechat:session'
export const OPEN = 'livechat:open'
export const DRAFT = 'livechat:draft'
export const FORM = 'livechat:form'
export const OUTBOX = 'livechat:outbox'
export const READ = 'livechat:read'
