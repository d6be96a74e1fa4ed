import { readFileSync } from 'node:fs'
import { defineConfig, type Plugin } from 'vite'
import { shared } from './vite.shared.ts'

const tokens = readFileSync('ui/tokens.css', 'utf8')
const sizes = [...tokens.matchAll(/--((?:space|text|radius|touch|line-height)[\w-]*): ([^;]+);/g)]

/** Colours and the font differ from site to site; sizes don't, and as plain values they are a smaller download. */
const plainSizes: Plugin = {
  name: 'plain-sizes',
  renderChunk: (code) => {
    let plain = code
    for (const [, name = '', value = ''] of sizes) {
      plain = plain.replace(new RegExp(`--${name}:[^;}]+;?`), '').replaceAll(`var(--${name})`, value)
    }
    return { code: plain, map: null }
  },
}

/** The widget's app and its languages: ES modules that the loader imports when the visitor opens the chat. */
export default defineConfig({
  ...shared,
  base: './',
  publicDir: false,
  plugins: [plainSizes],
  build: {
    ...shared.build,
    outDir: 'dist/widget',
    manifest: 'manifest.json',
    // A library build, because an ordinary one wraps each import() in a helper that preloads styles we don't have.
    lib: { entry: { app: 'widget/app.tsx' }, formats: ['es'] },
    rolldownOptions: {
      // The files' part takes what it shares from the app itself, rather than from a third file.
      preserveEntrySignatures: 'allow-extension',
      output: {
        entryFileNames: '[name]-[hash].js',
        chunkFileNames: '[name]-[hash].js',
        minify: true,
        comments: false,
      },
    },
  },
})
