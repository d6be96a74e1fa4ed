import { shapeOf } from '../state/shape'
import { regionWords } from '../state/words'
import { SelectField, SwitchField } from './field'
import type { StageProps } from './section'

const KEY = 'business_hours.holidays'

export function Holidays({ stage: { page, offered } }: StageProps) {
  const { enabled, country, region } = shapeOf(page.document.value).business_hours.holidays
  const { countries } = offered.choices.value
  const known = countries.find(({ code }) => code === country)
  const regions = known?.regions ?? (region === null ? [] : [{ code: region, name: region }])
  const pickCountry = (code: string): void => {
    page.set(`${KEY}.country`, code)
    page.set(`${KEY}.region`, null)
  }
  return (
    <>
      <SwitchField
        page={page}
        name={`${KEY}.enabled`}
        label="Closed on public holidays"
        help="A special day on the same date goes before it."
      />
      {enabled && (
        <div class="field-pair">
          <SelectField
            page={page}
            name={`${KEY}.country`}
            label="Country"
            options={(known ? countries : [...countries, { code: country, name: country }]).map((one) => ({
              value: one.code,
              name: one.name,
            }))}
            onPick={pickCountry}
          />
          <SelectField
            page={page}
            name={`${KEY}.region`}
            label="State or region"
            options={[
              { value: '', name: 'Those of the whole country' },
              ...regions.map(({ code, name }) => ({ value: code, name: regionWords(code, name) })),
            ]}
            onPick={(code) => page.set(`${KEY}.region`, code === '' ? null : code)}
          />
        </div>
      )}
    </>
  )
}
