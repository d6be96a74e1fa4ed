/**
 * The widget's state: values that tell when they changed. The page is then drawn anew as a whole, once per turn; it is
 * small, and this costs a visitor 0.2 kB where a library of signals costs 4.
 */
export interface Cell<T> {
  value: T
}

const watchers = new Set<() => void>()
let due = false

export function cell<T>(initial: T): Cell<T> {
  let held = initial
  return {
    get value() {
      return held
    },
    set value(next) {
      if (Object.is(next, held)) return
      held = next
      if (!due) queueMicrotask(flush)
      due = true
    },
  }
}

/** Runs after changes, whichever they were. */
export function onChange(run: () => void): () => void {
  watchers.add(run)
  return () => watchers.delete(run)
}

/** Runs what is due now rather than at the end of the turn. */
export function flush(): void {
  if (!due) return
  due = false
  watchers.forEach((run) => run())
}

/** Computes again only when one of its inputs is another one. */
export function derived<const Inputs extends readonly unknown[], T>(
  inputs: () => Inputs,
  compute: (...inputs: Inputs) => T,
): { readonly value: T } {
  let before: Inputs | null = null
  let held: T
  return {
    get value() {
      const now = inputs()
      if (!before || now.some((input, index) => input !== before?.[index])) {
        before = now
        held = compute(...now)
      }
      return held
    },
  }
}
