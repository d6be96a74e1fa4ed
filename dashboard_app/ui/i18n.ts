/**
 * Texts of the pages. English is the source and is built in; every other language is a table of the same keys, loaded
 * when it is wanted. `t('waiting', { count: 3 })` knows at compile time which placeholders a text has. After `use` the
 * page is drawn anew by its owner.
 */
export type Plural = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }
export type Entry = string | Plural
export type Table = Record<string, Entry>

/** A language must have the keys of English; how many plural forms a text needs is its own affair. */
export type Translation<Source extends Table> = {
  [Key in keyof Source]: Source[Key] extends string ? string : Plural
}

type Names<Text> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never
type NamesOf<E> = E extends string
  ? Names<E>
  : E extends { other: infer Text }
    ? Names<Text> | 'count'
    : never
type Values<E> = { [Name in NamesOf<E>]: Name extends 'count' ? number : string | number }
type Arguments<E> = [NamesOf<E>] extends [never] ? [] : [Values<E>]

export interface I18n<Source extends Table> {
  t: <Key extends keyof Source & string>(key: Key, ...values: Arguments<Source[Key]>) => string
  /** The language on screen with its region, for `lang` and for dates. */
  locale: () => string
  /** Takes the first wanted language that there is; a table that can't be loaded leaves English. */
  use: (wanted: readonly string[]) => Promise<void>
}

type Loaders<Source extends Table> = Record<string, () => Promise<{ default: Translation<Source> }>>

export function createI18n<const Source extends Table>(
  source: Source,
  loaders: Loaders<Source>,
): I18n<Source> {
  let locale = 'en'
  let table: Table = source
  return {
    t: (key, ...values) => fill(table[key] ?? source[key] ?? key, values[0] ?? {}, locale),
    locale: () => locale,
    use: async (wanted) => {
      const [tag, name] = pick(wanted, ['en', ...Object.keys(loaders)])
      try {
        table = (await loaders[name]?.())?.default ?? source
        locale = tag
      } catch {
        table = source
        locale = 'en'
      }
    },
  }
}

/** "de-AT" is served by the table "de", and keeps its own dates and plurals. */
function pick(wanted: readonly string[], there: readonly string[]): [tag: string, table: string] {
  for (const tag of wanted) {
    const found = [tag, tag.split('-')[0]].find((name) => name && there.includes(name))
    if (found) return [tag, found]
  }
  return ['en', 'en']
}

function fill(entry: Entry, values: Record<string, string | number>, locale: string): string {
  const text = typeof entry === 'string' ? entry : form(entry, Number(values['count']), locale)
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}

function form(entry: Plural, count: number, locale: string): string {
  return entry[new Intl.PluralRules(locale).select(count)] ?? entry.other
}
