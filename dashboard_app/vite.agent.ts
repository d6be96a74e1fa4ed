import { defineConfig } from 'vite'
import { shared } from './vite.shared.ts'

const service = process.env['LIVECHAT_URL'] ?? 'http://127.0.0.1:8080'
const proxied = { target: service, ws: true }

/** The dashboard: an ordinary page, served at `/`. `npm run dev` serves it live in front of a running service. */
export default defineConfig({
  ...shared,
  root: 'agent',
  base: '/',
  build: { ...shared.build, outDir: '../dist/agent' },
  server: { host: '127.0.0.1', proxy: { '/api': proxied, '/widget': proxied, '/demo': proxied } },
})
