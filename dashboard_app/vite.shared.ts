import type { UserConfig } from 'vite'

/** What every build shares: JSX without Babel, no inlined assets (a strict CSP forbids data: URLs). */
export const shared = {
  // light-dark() and friends reach the browser as written.
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact', pure: false } },
  build: {
    target: 'es2022',
    cssTarget: ['chrome123', 'firefox128', 'safari17.5'],
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: false,
    reportCompressedSize: true,
  },
} satisfies UserConfig
