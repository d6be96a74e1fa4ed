import { shapeOf, type Plan } from '../state/shape'
import { NumberField, SwitchField } from './field'
import { Section, type StageProps } from './section'

const plans: Record<Plan, string> = { free: 'Free', basic: 'Basic', pro: 'Pro', scale: 'Scale' }

export function General({ stage: { page } }: StageProps) {
  return (
    <Section
      id="general"
      title="General"
      page={page}
      before={<PlanCard plan={shapeOf(page.document.value).plan} />}
    >
      <SwitchField
        page={page}
        name="live_chat.enabled"
        label="Enable Live Chat"
        help="Off: nobody new is handed to a person. Conversations that an agent has go on until they are resolved."
      />
      <SwitchField
        page={page}
        name="live_chat.show_button"
        label="Show “Talk to Human” button"
        help="In the widget, and under the bot’s answers on other channels. Asking in words works without it."
      />
      <NumberField
        page={page}
        name="live_chat.message_threshold"
        label="Message threshold"
        unit="messages"
        help="So many messages are exchanged before the button appears. 0 shows it at once."
      />
    </Section>
  )
}

/** The plan is decided in livechat.yml; here it only says what it means. */
function PlanCard({ plan }: { plan: Plan }) {
  const has = plan !== 'free'
  return (
    <div class={`plan${has ? '' : ' plan-off'}`}>
      <span class="plan-name">
        Plan: <strong>{plans[plan]}</strong>
      </span>
      <p>
        {has
          ? 'Live chat is part of it.'
          : 'Live chat is off: it is not part of the Free plan. Basic, Pro and Scale have it.'}
      </p>
    </div>
  )
}
