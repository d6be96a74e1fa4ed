import type { InboxRow } from '../state/wire'

export function outcomeWords({ outcome, claimed_by }: InboxRow): string {
  switch (outcome) {
    case 'customer_left':
      return 'Customer left'
    case 'returned_to_bot':
      return 'Back to the assistant'
    case 'expired':
      return 'Expired'
    case 'resolved':
    case null:
      return claimed_by ? `by ${claimed_by.name.split(' ')[0] ?? ''}` : 'Resolved'
  }
}

/** How a handover began, for the first line of the card. */
export function triggerWords({ trigger, customer }: InboxRow): string {
  const name = customer.name?.split(' ')[0] ?? 'The customer'
  switch (trigger) {
    case 'button':
      return `${name} pressed “Talk to Human”`
    case 'words':
      return `${name} asked for a person`
    case 'bot':
      return 'The assistant could not go on'
    case 'contact_form':
      return `${name} left a message`
    case 'agent':
      return 'An agent stepped in'
    case null:
      return 'The assistant is answering'
  }
}

/** "return_order" → "return order" */
export const plainName = (name: string): string => name.replace(/[_/]+/g, ' ').trim()

export const percent = (part: number): string => `${Math.round(part * 100)} %`
