// One build, two entry pages: the candidate's at `/`, the console's at `/console/`.
// `vite --mode mock` answers the API from mock/ instead of a server; nothing of it reaches a build.
import { readFileSync } from 'node:fs'
import { fileURLToPath, URL } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig, type Plugin } from 'vite'
import { serviceWorker } from './scripts/service-worker'

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')) as { version: string }
const page = (name: string) => fileURLToPath(new URL(name, import.meta.url))

/** Serves console.html for every address below /console, as the server does. */
function consoleEntry(): Plugin {
  return {
    name: 'yikao-console-entry',
    configureServer(server) {
      server.middlewares.use((request, _response, next) => {
        const path = (request.url ?? '').split('?')[0] ?? ''
        if (path === '/console' || (path.startsWith('/console/') && !path.includes('.'))) {
          request.url = '/console.html'
        }
        next()
      })
    },
  }
}

export default defineConfig(async ({ mode }) => {
  const plugins = [vue(), consoleEntry(), serviceWorker(page('.'))]
  if (mode === 'mock') {
    const { mockServer } = await import('./mock/plugin')
    const { consoleMock } = await import('./mock/console')
    plugins.push(consoleMock(), mockServer())
  }
  return {
    plugins,
    resolve: { alias: { '@': page('./src') } },
    define: { __APP_VERSION__: JSON.stringify(version) },
    build: {
      outDir: 'dist',
      emptyOutDir: true,
      // iOS 14.3 is the first iPhone whose browser records; Android phones update theirs.
      target: ['safari14', 'chrome87', 'firefox90'],
      chunkSizeWarningLimit: 1200,
      rollupOptions: { input: { index: page('index.html'), console: page('console.html') } },
    },
    server: {
      host: true,
      proxy: { '/api': { target: 'https://localhost:8443', secure: false, changeOrigin: true } },
    },
  }
})
