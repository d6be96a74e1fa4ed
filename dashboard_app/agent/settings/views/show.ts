/** Brings a field into sight and gives it the keyboard, opening what it is folded into. */
export function showField(field: HTMLElement | null): void {
  if (!field) return
  for (let fold = field.closest('details'); fold; fold = fold.parentElement?.closest('details') ?? null)
    fold.open = true
  field.focus({ preventScroll: true })
  field.scrollIntoView({ block: 'center' })
}

export function showFirstWrong(page: HTMLElement | null): void {
  showField(page?.querySelector<HTMLElement>('[aria-invalid=true], [data-wrong]') ?? null)
}
