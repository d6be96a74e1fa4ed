/** The parts of the document that the page edits, by their names in livechat.yml. What it holds beside them stays as it is. */
import type { Document } from '../wire'

export const WEEK = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export type Weekday = (typeof WEEK)[number]
export type Plan = 'free' | 'basic' | 'pro' | 'scale'

export interface SpecialDay {
  date: string
  open: string[]
  name: string
}

export const TEXTS = [
  'handover',
  'out_of_hours',
  'greeting',
  'talk_to_human',
  'leave_details',
  'form_received',
  'requeued',
  'bot_silent',
  'bot_silent_alone',
] as const
export type TextName = (typeof TEXTS)[number]
export type Texts = Partial<Record<TextName, string | null>>

export interface Shape {
  plan: Plan
  live_chat: {
    enabled: boolean
    show_button: boolean
    message_threshold: number | string
    only_when_agents_are_here: boolean
  }
  messages: Record<TextName, string> & { language: string; translations: Record<string, Texts> }
  business_hours: {
    enabled: boolean
    timezone: string
    start: string
    end: string
    weekly: Partial<Record<Weekday, string[]>>
    exceptions: SpecialDay[]
    holidays: { enabled: boolean; country: string; region: string | null }
  }
  notifications: { email: { enabled: boolean } }
}

/** The document comes from the service, with every default filled in, and has been through its checks. */
export const shapeOf = (document: Document): Shape => document as unknown as Shape
