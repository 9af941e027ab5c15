// Writes the candidate's service worker into the build, with the files of the app that it keeps.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Plugin } from 'vite'

const SOURCE = 'src/candidate/service-worker.js'

export function serviceWorker(root: string): Plugin {
  return {
    name: 'yikao-service-worker',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const files = ['/', ...publicFiles(join(root, 'public')), ...filesOf('index.html', bundle).map((file) => `/${file}`)]
      const source = readFileSync(join(root, SOURCE), 'utf8')
      const page = bundle['index.html']
      const html = page?.type === 'asset' ? String(page.source) : ''
      const version = createHash('sha256').update(source).update(files.sort().join('\n')).update(html).digest('hex').slice(0, 12)
      const text = source.replace('__FILES__', JSON.stringify(files)).replace('__VERSION__', version)
      this.emitFile({ type: 'asset', fileName: 'service-worker.js', source: text })
    },
  }
}

type Bundle = Parameters<Extract<NonNullable<Plugin['generateBundle']>, (...args: never) => unknown>>[1]

/** Everything that an entry page may come to load, chunk by chunk. */
function filesOf(entry: string, bundle: Bundle): string[] {
  const found = new Set<string>()
  const visit = (name: string): void => {
    const file = bundle[name]
    if (file === undefined || found.has(name)) return
    found.add(name)
    if (file.type !== 'chunk') return
    const { importedAssets, importedCss } = (file as { viteMetadata?: { importedAssets: Set<string>; importedCss: Set<string> } }).viteMetadata ?? {}
    const next = [...file.imports, ...file.dynamicImports, ...(importedAssets ?? []), ...(importedCss ?? [])]
    next.forEach(visit)
  }
  for (const file of Object.values(bundle)) if (file.type === 'chunk' && file.isEntry && file.facadeModuleId?.endsWith(entry)) visit(file.fileName)
  return [...found]
}

function publicFiles(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => `/${relative(folder, join(entry.parentPath, entry.name))}`)
}
