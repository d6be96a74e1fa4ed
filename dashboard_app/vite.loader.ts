import { readFileSync } from 'node:fs'
import { defineConfig } from 'vite'
import { shared } from './vite.shared.ts'

const manifest = JSON.parse(readFileSync('dist/widget/manifest.json', 'utf8')) as Record<
  string,
  { file: string }
>
const app = manifest['widget/app.tsx']
if (!app) throw new Error('Build the widget app first (vite.widget.ts): the loader carries its file name.')

/** The one script tag of a customer's site: small, classic, and the only file without a hash in its name. */
export default defineConfig({
  ...shared,
  publicDir: false,
  define: { APP_FILE: JSON.stringify(app.file) },
  build: {
    ...shared.build,
    outDir: 'dist/widget',
    emptyOutDir: false,
    lib: { entry: 'widget/loader.ts', formats: ['iife'], name: 'livechat', fileName: () => 'widget.js' },
  },
})
