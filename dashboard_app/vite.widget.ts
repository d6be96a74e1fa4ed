import { defineConfig } from 'vite'
import { shared } from './vite.shared.ts'

/** The widget's app and its languages: ES modules that the loader imports when the visitor opens the chat. */
export default defineConfig({
  ...shared,
  base: './',
  publicDir: false,
  build: {
    ...shared.build,
    outDir: 'dist/widget',
    manifest: 'manifest.json',
    // A library build, because an ordinary one wraps each import() in a helper that preloads styles we don't have.
    lib: { entry: { app: 'widget/app.tsx' }, formats: ['es'] },
    rolldownOptions: {
      preserveEntrySignatures: 'strict',
      output: { entryFileNames: '[name]-[hash].js', chunkFileNames: '[name]-[hash].js', minify: true },
    },
  },
})
