import type { Customer } from './wire'

/** Visitors of a website often have no name; the end of their id tells them apart. */
export function customerName({ name, username, email, phone, id }: Customer): string {
  return name ?? (username && `@${username}`) ?? email ?? phone ?? `Visitor ${id.slice(-4)}`
}
