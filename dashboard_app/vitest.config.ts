import { defineConfig } from 'vitest/config'
import { shared } from './vite.shared.ts'

export default defineConfig({
  oxc: shared.oxc,
  test: { include: ['**/*.test.{ts,tsx}'], exclude: ['node_modules', 'dist'], restoreMocks: true },
})
