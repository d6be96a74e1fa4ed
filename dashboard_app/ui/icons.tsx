/** Strokes on a 20 × 20 grid. Icons stand beside words or in buttons that have a name; alone they are silent. */
const strokes = {
  alarm: 'M10 6v4.2l2.6 1.6M10 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13M3 4.6 5.2 3M17 4.6 14.8 3',
  alert:
    'M10 7.5v3.4M10 13.6v.1M8.7 3.8 2.6 14.3a1.5 1.5 0 0 0 1.3 2.2h12.2a1.5 1.5 0 0 0 1.3-2.2L11.3 3.8a1.5 1.5 0 0 0-2.6 0',
  back: 'M12 4.5 6.5 10l5.5 5.5',
  bell: 'M5.5 8.5a4.5 4.5 0 0 1 9 0c0 4 1.5 5 1.5 5H4s1.5-1 1.5-5M8.3 16a2 2 0 0 0 3.4 0',
  bot: 'M10 3.2v2.3M5 5.5h10A1.5 1.5 0 0 1 16.5 7v7a1.5 1.5 0 0 1-1.5 1.5H5A1.5 1.5 0 0 1 3.5 14V7A1.5 1.5 0 0 1 5 5.5M7.5 9.5v1.4M12.5 9.5v1.4M1.8 9.5v2.2M18.2 9.5v2.2',
  chat: 'M4.5 3.5h11A1.5 1.5 0 0 1 17 5v7.5a1.5 1.5 0 0 1-1.5 1.5H9.5L6 17v-3H4.5A1.5 1.5 0 0 1 3 12.5V5a1.5 1.5 0 0 1 1.5-1.5M6.8 7.3h6.4M6.8 10.2h4',
  check: 'm4 10.6 3.8 3.8L16 6',
  checks: 'm2 10.8 3.4 3.4L12.6 7M9.8 13.4l.9.8L18 7',
  clock: 'M10 6v4.2l2.6 1.6M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14',
  close: 'm5 5 10 10M15 5 5 15',
  copy: 'M7.5 7.5h8v8h-8zM12.5 7.5v-3h-8v8h3',
  down: 'm5 8 5 5 5-5',
  error: 'M10 6.2v4.6M10 13.6v.1M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14',
  file: 'M5 2.8h6.2L15 6.6v10.6H5zM11 3v4h4',
  form: 'M4 3.5h12v13H4zM7 7.3h6M7 10.2h6M7 13.1h3',
  globe:
    'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14M3.2 8h13.6M3.2 12h13.6M10 3c2 2 2.8 4.3 2.8 7S12 15 10 17c-2-2-2.8-4.3-2.8-7S8 5 10 3',
  inbox: 'M3 11.5 5.2 4h9.6L17 11.5V16H3zM3 11.5h4.2c.2 1.6 1.3 2.5 2.8 2.5s2.6-.9 2.8-2.5H17',
  keyboard: 'M3 5.5h14v9H3zM6 8.4v.1M8.7 8.4v.1M11.3 8.4v.1M14 8.4v.1M7 11.6h6',
  language:
    'M3 5h8M7 3.2V5M9.3 5c-.6 3-2.6 5.4-5.6 6.8M5 7.4c1 1.9 2.6 3.4 4.8 4.2M10.5 16.5l3-7.5 3 7.5M11.5 14h4',
  mail: 'M3 5h14v10H3zM3.4 5.6 10 10.6l6.6-5',
  moon: 'M16 11.6A6.6 6.6 0 0 1 8.4 4a6.6 6.6 0 1 0 7.6 7.6',
  note: 'M4 3.5h12V12l-4.5 4.5H4zM16 12h-4.5v4.5M7 7.3h6M7 10.2h3.5',
  page: 'M3 4h14v12H3zM3 7.4h14M5.5 5.7v.1M7.6 5.7v.1',
  panel: 'M3 4h14v12H3zM12.4 4v12',
  phone:
    'M6.2 3.3 8 7 6.4 8.6a9 9 0 0 0 5 5L13 12l3.7 1.8v1.7a1.4 1.4 0 0 1-1.5 1.4A12.4 12.4 0 0 1 3.1 4.8a1.4 1.4 0 0 1 1.4-1.5z',
  queue: 'M8 5 4 9l4 4M4.3 9h7.2a4.5 4.5 0 0 1 4.5 4.5V15',
  search: 'M9 14.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11M13 13l4 4',
  send: 'M3.5 10 17 3.5 12.5 17l-2.7-5.6zM9.8 11.4 17 3.5',
  silent: 'M4 8h2.5L10 5v10l-3.5-3H4zM13 8l4 4M17 8l-4 4',
  sliders: 'M3 6.5h7M14 6.5h3M3 13.5h3M10 13.5h7M12 4.5v4M8 11.5v4',
  sound: 'M4 8h2.5L10 5v10l-3.5-3H4zM13 7.6a3.6 3.6 0 0 1 0 4.8M15.2 5.4a6.6 6.6 0 0 1 0 9.2',
  telegram: 'm3 9.6 14-5.4-2.2 12-4.3-3.3-2.3 2.3-.4-4zM7.8 11.2 17 4.2',
  undo: 'M7.5 4 4 7.5 7.5 11M4.4 7.5h7.1a4.2 4.2 0 0 1 0 8.5H8',
  user: 'M10 10a3.2 3.2 0 1 0 0-6.4A3.2 3.2 0 0 0 10 10M4 16.8c.6-2.7 3-4.3 6-4.3s5.4 1.6 6 4.3',
  whatsapp:
    'M3.4 16.6l1-3.3A6.8 6.8 0 1 1 7 15.8zM7.8 7.2c0 2.8 2.2 5 5 5l.5-1.6-1.6-.7-.8.8a4 4 0 0 1-1.6-1.6l.8-.8-.7-1.6z',
} as const

export type IconName = keyof typeof strokes

export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg
      class="icon"
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      stroke-width={size < 18 ? 1.8 : 1.6}
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={strokes[name]} />
    </svg>
  )
}
