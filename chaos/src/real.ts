// The real installation: `yikao serve`, built with its faults, on SQLite and local disk with one
// node, or on PostgreSQL and S3 with two, the second with a clock that is 3 s ahead.
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Installation, Seed, ServerNode } from './installation'
import { freePort, run, start, untilReady, type Child } from './processes'
import { startPostgres, startS3, type Service } from './services'

export type Kind = 'disk' | 'shared'

export interface RealOptions {
  kind: Kind
  folder: string
  candidates: number
  /** Planted faults, as `YIKAO_FAULT` names them. */
  faults: string[]
}

const SECOND_CLOCK_AHEAD_MS = 3_000

export function serverProgram(): string {
  const built = fileURLToPath(new URL('../../target/release/yikao', import.meta.url))
  const program = process.env.YIKAO_BIN ?? built
  if (!existsSync(program)) throw new Error(`${program} is missing: cargo build --release --bin yikao --features faults`)
  return program
}

export async function openInstallation(options: RealOptions): Promise<Installation> {
  const { kind, folder, candidates } = options
  mkdirSync(folder, { recursive: true })
  const log = (name: string) => join(folder, `${name}.log`)
  const services: Service[] = []
  const stop = async () => {
    for (const service of services.reverse()) await service.stop()
  }
  try {
    if (kind === 'shared') services.push(await startPostgres(log('postgres')))
    if (kind === 'shared') services.push(await startS3(join(folder, 's3'), log('s3')))
    const common = environment(options, services)
    const seeded = await run(serverProgram(), ['chaos-seed', '--data', join(folder, 'data'), '--candidates', String(candidates)], common)
    const seed = JSON.parse(seeded) as Seed
    const nodes = [await YikaoNode.prepare('n1', common, log('n1'))]
    // Another machine: it shares keys, database and storage, and no folder.
    const other = { ...common, YIKAO_DATA: join(folder, 'data-n2'), YIKAO_KEYS: join(folder, 'data', 'keys.json') }
    const ahead = { ...other, YIKAO_CLOCK_SKEW_MS: String(SECOND_CLOCK_AHEAD_MS) }
    if (kind === 'shared') nodes.push(await YikaoNode.prepare('n2', ahead, log('n2')))
    return {
      nodes,
      seed,
      async stop() {
        await Promise.all(nodes.map((node) => node.kill()))
        await stop()
      },
    }
  } catch (failure) {
    await stop()
    throw failure
  }
}

// Seeding and all nodes are told the same: where things are, and which faults are planted.
function environment({ kind, folder, faults }: RealOptions, services: Service[]): Record<string, string> {
  const [postgres, s3] = services
  const shared = { YIKAO_DATABASE: postgres?.url ?? '', YIKAO_STORAGE: s3?.url ?? '', ...s3?.env }
  return {
    YIKAO_DATA: join(folder, 'data'),
    YIKAO_TLS: 'off',
    YIKAO_REQUESTS_PER_SECOND: '0',
    YIKAO_FAULT: [...(kind === 'disk' ? ['volatile'] : []), ...faults].join(','),
    RUST_LOG: process.env.RUST_LOG ?? 'warn',
    ...(kind === 'shared' ? shared : {}),
  }
}

class YikaoNode implements ServerNode {
  #child: Child | null = null

  private constructor(
    readonly name: string,
    readonly port: number,
    private readonly env: Record<string, string>,
    private readonly log: string,
  ) {}

  static async prepare(name: string, env: Record<string, string>, log: string): Promise<YikaoNode> {
    return new YikaoNode(name, await freePort(), env, log)
  }

  async start(): Promise<void> {
    const { name, port, env, log } = this
    const args = ['serve', '--listen', `127.0.0.1:${port}`, '--node', name]
    const child = start({ program: serverProgram(), args, env, log })
    this.#child = child
    await untilReady(child, async () => (await fetch(`http://127.0.0.1:${port}/healthz`)).ok)
  }

  async kill(): Promise<void> {
    await this.#child?.end('SIGKILL')
    this.#child = null
  }
}
