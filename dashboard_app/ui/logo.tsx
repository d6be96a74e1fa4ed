/** Two voices in one bubble: the bot's line and the person's. */
export function Logo({ size }: { size: number }) {
  return (
    <svg class="logo" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path
        class="logo-ground"
        d="M8 3h16a5 5 0 0 1 5 5v11a5 5 0 0 1-5 5h-8.5L9 29.5V24H8a5 5 0 0 1-5-5V8a5 5 0 0 1 5-5"
      />
      <path class="logo-line" d="M9.5 10.5h13M9.5 16.5h7" />
      <circle class="logo-dot" cx="21.5" cy="16.5" r="2" />
    </svg>
  )
}
