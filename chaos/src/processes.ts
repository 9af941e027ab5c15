// Child processes of a run: each with a log file, ended by id, none left behind when the run ends.
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { openSync, closeSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'

const running = new Set<ChildProcess>()
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

export interface Command {
  program: string
  args: string[]
  env?: Record<string, string>
  /** Where its output goes, appended. */
  log: string
}

export class Child {
  readonly ended: Promise<void>
  #has_ended = false

  constructor(private readonly child: ChildProcess, readonly command: Command) {
    running.add(child)
    this.ended = new Promise((resolve) => {
      const over = () => {
        this.#has_ended = true
        running.delete(child)
        resolve()
      }
      child.once('exit', over)
      child.once('error', over)
    })
  }

  get alive(): boolean {
    return !this.#has_ended
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    if (this.alive) this.child.kill(signal)
    await this.ended
  }
}

export function start(command: Command): Child {
  const log = openSync(command.log, 'a')
  const env = { ...process.env, ...command.env }
  const child = spawn(command.program, command.args, { env, stdio: ['ignore', log, log] })
  closeSync(log)
  return new Child(child, command)
}

/** Runs a program to its end; its standard output. */
export async function run(program: string, args: string[], env: Record<string, string> = {}): Promise<string> {
  const options = { env: { ...process.env, ...env }, maxBuffer: 64 << 20 }
  return (await promisify(execFile)(program, args, options)).stdout
}

/** Waits until `ready`, and fails when the child ends before or takes too long. */
export async function untilReady(child: Child, ready: () => Promise<boolean>, patience_ms = 60_000): Promise<void> {
  const { program, log } = child.command
  for (const deadline = Date.now() + patience_ms; ; await pause(20)) {
    if (await ready().catch(() => false)) return
    if (!child.alive) throw new Error(`${program} ended before it was ready: see ${log}`)
    if (Date.now() > deadline) throw new Error(`${program} is not ready after ${patience_ms} ms: see ${log}`)
  }
}

export function answersOn(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

/** A port that nobody listens on just now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
