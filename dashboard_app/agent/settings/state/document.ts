/**
 * The settings as a tree whose places have the names of livechat.yml: `business_hours.weekly.mon[0]`. Nothing here is
 * changed in place. A list is compared as a whole: two people who edit the same Monday have a difference to settle.
 */
import type { Change, Document } from '../wire'

type Tree = Readonly<Record<string, unknown>>

const pathOf = (key: string): string[] => key.split(/[.[\]]+/).filter(Boolean)

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function get(document: Document, key: string): unknown {
  return pathOf(key).reduce<unknown>((inner, name) => (inner as Tree | undefined)?.[name], document)
}

/** The document with another value at `key`; undefined takes the key away. */
export function put(document: Document, key: string, value: unknown): Document {
  const next = putAt(document, pathOf(key), value) as Document
  return value === undefined ? tidy(next, key) : next
}

function putAt(inner: unknown, [name, ...rest]: string[], value: unknown): unknown {
  if (name === undefined) return value
  if (Array.isArray(inner)) {
    return inner.map((item: unknown, index) => (String(index) === name ? putAt(item, rest, value) : item))
  }
  const tree = isTree(inner) ? inner : {}
  const next = putAt(tree[name], rest, value)
  if (next !== undefined) return { ...tree, [name]: next }
  return Object.fromEntries(Object.entries(tree).filter(([other]) => other !== name))
}

const LANGUAGE = /^messages\.translations\.[^.]+/

/** A language of which the last text was taken away is no language any more. */
function tidy(document: Document, key: string): Document {
  const language = LANGUAGE.exec(key)?.[0]
  if (!language || language === key) return document
  const texts = Object.values((get(document, language) as Tree | undefined) ?? {})
  return texts.every((text) => text === null) ? put(document, language, undefined) : document
}

/** Whether two values mean the same; no value and null do. */
export function same(one: unknown, other: unknown): boolean {
  if (one === other || (one ?? null) === (other ?? null)) return true
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => same(item, other[index]))
  }
  if (!isTree(one) || !isTree(other)) return false
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].every((key) => same(one[key], other[key]))
}

/** What is written differently, key by key, in the order of the documents. */
export function differences(before: Document, after: Document): Change[] {
  const keys = new Set([...leaves(before), ...leaves(after)])
  return [...keys]
    .map((key) => ({ key, before: get(before, key) ?? null, after: get(after, key) ?? null }))
    .filter((change) => !same(change.before, change.after))
}

function leaves(tree: Tree, prefix = ''): string[] {
  return Object.entries(tree).flatMap(([name, value]) =>
    isTree(value) ? leaves(value, `${prefix}${name}.`) : [`${prefix}${name}`],
  )
}

/** Without the languages that were added and have no text yet. */
export function withoutEmptyLanguages(document: Document): Document {
  const languages = Object.entries((get(document, 'messages.translations') as Tree | undefined) ?? {})
  return languages
    .filter(([, texts]) => isTree(texts) && Object.values(texts).every((text) => text === null))
    .reduce((rest, [language]) => put(rest, `messages.translations.${language}`, undefined), document)
}

/** What was written since `base`, on top of `theirs`. */
export function rebase(mine: Document, base: Document, theirs: Document): Document {
  return differences(base, mine).reduce(
    (document, { key, after }) => put(document, key, after ?? undefined),
    theirs,
  )
}
