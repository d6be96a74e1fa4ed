/** The settings as the service gives them when livechat.yml says nothing; for tests. */
import type { Document, Loaded } from './wire'

export const defaults: Document = {
  plan: 'pro',
  live_chat: { enabled: true, show_button: true, message_threshold: 3, only_when_agents_are_here: false },
  messages: {
    language: 'en',
    greeting: 'Hello! How can I help you?',
    talk_to_human: 'Talk to Human',
    leave_details: 'Leave a message',
    handover: 'A team member will be with you shortly.',
    out_of_hours: 'We are away right now. Leave your details and we will get back to you.',
    form_received: 'Thank you. We will get back to you.',
    requeued: 'Another team member will be with you shortly.',
    bot_silent: 'A team member will be with you shortly.',
    bot_silent_alone: 'Please try again in a little while.',
    translations: {},
  },
  business_hours: {
    enabled: false,
    timezone: 'Europe/Berlin',
    start: '09:00',
    end: '17:00',
    weekly: {},
    exceptions: [],
    holidays: { enabled: false, country: 'DE', region: null },
  },
  notifications: { email: { enabled: true } },
}

export function loaded(version: number, document: Document = defaults, more: Partial<Loaded> = {}): Loaded {
  return {
    version,
    document,
    availability: { open: true, reason: 'open', next_opening: null, waiting: 0 },
    file_error: null,
    at: '2026-11-23T09:42:00Z',
    author: { id: 'priya', name: 'Priya Raman' },
    may_change: true,
    mail: { configured: true, sender: 'chat@example.com', owners: [] },
    ...more,
  }
}
