// What two nodes share: a PostgreSQL cluster and an S3 server of this run's own, on free ports.
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { answersOn, freePort, run, start, untilReady } from './processes'

export interface Service {
  /** As `yikao serve` takes it. */
  url: string
  env: Record<string, string>
  stop(): Promise<void>
}

/** PostgreSQL refuses to run as root: then it runs as `postgres`. */
export async function startPostgres(log: string): Promise<Service> {
  const folder = mkdtempSync(join(tmpdir(), 'yikao-chaos-pg-'))
  const as_other = process.getuid?.() === 0
  if (as_other) chownSync(folder, Number(await run('id', ['-u', 'postgres'])), Number(await run('id', ['-g', 'postgres'])))
  const drop = ['--reuid', 'postgres', '--regid', 'postgres', '--init-groups']
  const words = (program: string, args: string[]): [string, string[]] =>
    as_other ? ['setpriv', [...drop, program, ...args]] : [program, args]
  const data = join(folder, 'data')
  await run(...words(postgresProgram('initdb'), ['-D', data, '-U', 'yikao', '--auth=trust', '--encoding=UTF8', '--no-locale']))
  const port = await freePort()
  const settings = ['-c', 'listen_addresses=127.0.0.1', '-c', `unix_socket_directories=${folder}`, '-c', 'max_connections=200']
  const [program, args] = words(postgresProgram('postgres'), ['-D', data, '-p', String(port), ...settings])
  const child = start({ program, args, log })
  const ask = ['-h', '127.0.0.1', '-p', String(port), '-U', 'yikao', '-d', 'postgres', '-c', 'select 1']
  await untilReady(child, () => run(postgresProgram('psql'), ask).then(() => true))
  return {
    url: `postgres://yikao@127.0.0.1:${port}/postgres`,
    env: {},
    async stop() {
      await child.end('SIGINT')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export async function startS3(folder: string, log: string): Promise<Service> {
  const program = process.env.S3S_FS !== undefined && existsSync(process.env.S3S_FS) ? process.env.S3S_FS : onPath('s3s-fs')
  if (program === null) throw new Error('s3s-fs is missing: `make setup-tests`, or name it in S3S_FS')
  mkdirSync(join(folder, 'yikao'), { recursive: true })
  const port = await freePort()
  const [key, secret] = ['yikao-chaos', 'yikao-chaos-secret']
  const args = ['--host', '127.0.0.1', '--port', String(port), '--access-key', key, '--secret-key', secret, folder]
  const child = start({ program, args, env: { RUST_LOG: 'warn' }, log })
  await untilReady(child, () => answersOn(port))
  return {
    url: `s3://yikao?endpoint=http://127.0.0.1:${port}`,
    env: { AWS_ACCESS_KEY_ID: key, AWS_SECRET_ACCESS_KEY: secret, AWS_REGION: 'us-east-1', AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` },
    stop: () => child.end('SIGTERM'),
  }
}

function postgresProgram(name: string): string {
  const versions = '/usr/lib/postgresql'
  const installed = existsSync(versions) ? readdirSync(versions).sort((a, b) => Number(b) - Number(a)) : []
  const found = installed.map((version) => join(versions, version, 'bin', name)).find(existsSync) ?? onPath(name)
  if (found === undefined || found === null) throw new Error(`PostgreSQL's ${name} is missing: \`make setup-tests\``)
  return found
}

function onPath(program: string): string | null {
  return (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, program)).find(existsSync) ?? null
}
