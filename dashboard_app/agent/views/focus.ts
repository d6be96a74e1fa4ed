import type { RefObject } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { Desk } from '../state/desk'
import type { Place } from '../state/focus'

/** Gives the keyboard to this element whenever the state asks for the place, before the next key is read. */
export function useWanted<Element extends HTMLElement>(desk: Desk, place: Place): RefObject<Element | null> {
  const element = useRef<Element>(null)
  const wanted = desk.focus.wanted.value
  useLayoutEffect(() => {
    if (wanted?.place === place && desk.focus.answer(place)) element.current?.focus()
  }, [desk, place, wanted])
  return element
}
