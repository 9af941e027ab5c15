// A real server with a data folder of its own, started for a journey and ended after it.
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import * as http from 'node:http'
import * as https from 'node:https'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where the set-up puts what looks at faces and documents. */
const MODELS = fileURLToPath(new URL('../../.cache/models', import.meta.url))
const BINARY = process.env.YIKAO ?? fileURLToPath(new URL('../../target/debug/yikao', import.meta.url))

/** A port that was free a moment ago. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.on('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })
}

/** Asks with the certificate authority (`ca`) that one trusts, which `fetch` cannot be told. */
export function get(address, options = {}) {
  return new Promise((resolve, reject) => {
    const request = (address.startsWith('https') ? https : http).get(address, options, async (answer) => {
      const pieces = await answer.toArray()
      resolve({ status: answer.statusCode, headers: answer.headers, text: Buffer.concat(pieces).toString() })
    })
    request.on('error', reject)
  })
}

export class Server {
  binary = BINARY
  /** Starts `yikao serve --demo` in a fresh folder, on plain HTTP (localhost is a secure context) unless `tls` says else. */
  static async start(options = {}) {
    const server = new Server()
    server.data = options.data ?? (await mkdtemp(join(tmpdir(), 'yikao-e2e-')))
    server.port = options.port ?? (await freePort())
    server.tls = options.tls ?? 'off'
    server.args = ['serve', '--demo', '--tls', server.tls, '--listen', `127.0.0.1:${server.port}`, '--data', server.data,
      '--requests-per-second', '0', ...(options.args ?? [])]
    server.env = { YIKAO_MODELS: MODELS, ...process.env, ...options.env }
    await server.boot()
    return server
  }

  get address() {
    return `${this.tls === 'off' ? 'http' : 'https'}://localhost:${this.port}`
  }

  async boot() {
    this.log = ''
    this.process = spawn(BINARY, this.args, { env: this.env, stdio: ['ignore', 'pipe', 'pipe'] })
    this.process.stderr.on('data', (text) => (this.log += text))
    this.process.stdout.on('data', (text) => (this.log += text))
    for (let tries = 0; tries < 600; tries++) {
      if (this.process.exitCode !== null) break
      const answer = await get(`${this.address}/healthz`, { rejectUnauthorized: false }).catch(() => null)
      if (answer?.status === 200) return
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    throw new Error(`the server did not start:\n${this.log}`)
  }

  /** Ends it at once, as a power cut would. */
  async kill() {
    const ended = new Promise((resolve) => this.process.once('exit', resolve))
    this.process.kill('SIGKILL')
    await ended
  }

  async restart() {
    await this.kill()
    await this.boot()
  }

  async stop() {
    if (this.process.exitCode === null) await this.kill()
    await rm(this.data, { recursive: true, force: true })
  }
}

/** A server that somebody else started and will end: `make run`, with its certificate in NODE_EXTRA_CA_CERTS. */
export class RunningServer {
  address = process.env.YIKAO_ADDRESS ?? 'https://localhost:8443'
  binary = BINARY

  constructor(data) {
    this.data = data
  }

  async stop() {}
}

/** A signed-in client of the API, for what a journey needs beside the screens. */
export class Client {
  constructor(address) {
    this.address = address
  }

  call(method, path, body) {
    return this.send(method, path, 'application/json', body === undefined ? undefined : JSON.stringify(body))
  }

  /** Posts a file as it is. */
  raw(path, kind, text) {
    return this.send('POST', path, kind, text)
  }

  async send(method, path, kind, body) {
    const headers = { 'Content-Type': kind, 'Yikao-Client': 'e2e', ...(this.cookie ? { Cookie: this.cookie } : {}) }
    const answer = await fetch(`${this.address}/api${path}`, { method, headers, body })
    const login = answer.headers.getSetCookie().find((cookie) => cookie.startsWith('yikao_login='))
    if (login) this.cookie = login.split(';')[0]
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
    return text ? JSON.parse(text) : null
  }

  async signIn(phone, password) {
    await this.call('POST', '/logins', { account: phone, password })
    return this
  }
}
