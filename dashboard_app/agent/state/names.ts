import type { Customer } from './wire'

/** Visitors of a website often have no name; the end of their id tells them apart. */
export function customerName({ name, email, phone, id }: Customer): string {
  return name ?? email ?? phone ?? `Visitor ${id.slice(-4)}`
}
