// A real HTTP server that speaks the segment protocol and misbehaves as told: the oracle of what
// has arrived. It checks digests and chains as the product's server does.
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What happens to the next matching request instead of the right thing; true = dealt with. */
export type Mischief = (request: IncomingMessage, response: ServerResponse) => boolean

export class SegmentServer {
  readonly held = new Map<string, Map<number, Buffer>>()
  readonly seen: string[] = []
  readonly pulses: { part: string; body: { seals: { index: number; head: string }[]; recorder: string } }[] = []
  capabilities = new Set<string>()
  mischief: Mischief[] = []
  #server!: Server

  static async start(capabilities: string[]): Promise<SegmentServer> {
    const server = new SegmentServer()
    server.capabilities = new Set(capabilities)
    server.#server = createServer((request, response) => server.#meet(request, response))
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve))
    return server
  }

  get base_url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Indexes held of a part, in order. */
  indexes(part_id: string): number[] {
    return [...(this.held.get(part_id)?.keys() ?? [])].sort((a, b) => a - b)
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #meet(request: IncomingMessage, response: ServerResponse): void {
    this.seen.push(`${request.method} ${request.url}`)
    response.on('error', () => undefined)
    const trick = this.mischief.findIndex((mischief) => mischief(request, response))
    if (trick >= 0) {
      this.mischief.splice(trick, 1)
      return
    }
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('error', () => undefined)
    request.on('end', () => this.#answer(request, Buffer.concat(chunks), response))
  }

  #answer(request: IncomingMessage, body: Buffer, response: ServerResponse): void {
    const [, , , part = '', what = '', index = ''] = (request.url ?? '').split(/[/?]/)
    const bearer = (request.headers.authorization ?? '').replace('Bearer ', '')
    if (!this.capabilities.has(bearer)) return problem(response, 401, 'capability.expired')
    if (what === 'pulses') return this.#pulse(part, body, response)
    if (what === 'missing') return this.#missing(part, Number(new URL(request.url ?? '', 'http://x').searchParams.get('last')), response)
    const digest = `sha-256=:${createHash('sha256').update(body).digest('base64')}:`
    if (request.headers['content-digest'] !== digest) return problem(response, 422, 'segment.digest_mismatch')
    const segments = this.held.get(part) ?? new Map<number, Buffer>()
    this.held.set(part, segments)
    const known = segments.get(Number(index))
    if (known !== undefined && !known.equals(body)) return problem(response, 409, 'segment.conflict')
    segments.set(Number(index), body)
    response.writeHead(204).end()
  }

  #missing(part: string, last: number, response: ServerResponse): void {
    const all = Array.from({ length: last }, (_, at) => at + 1)
    const held = this.held.get(part) ?? new Map<number, Buffer>()
    const received = all.filter((index) => held.has(index)).map((index) => [index, index])
    const missing = all.filter((index) => !held.has(index)).map((index) => [index, index])
    json(response, { received, missing, safe_through: (missing[0]?.[0] ?? last + 1) - 1 })
  }

  #pulse(part: string, body: Buffer, response: ServerResponse): void {
    this.pulses.push({ part, body: JSON.parse(body.toString()) })
    const acknowledgement = { kid: 'k1', payload: `{"kind":"pulse","part":"${part}"}`, signature: 'c2ln' }
    const sitting = { version: 1, closes_at: null, phase: 'open' }
    json(response, { acknowledgement, capability: null, sitting, take: null, server_time: 1_700_000_000_000 })
  }
}

export function problem(response: ServerResponse, status: number, code: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/problem+json', ...headers })
  response.end(JSON.stringify({ code, status, title: code, detail: code }))
}

function json(response: ServerResponse, body: object): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

/** Takes half of the body and then the connection away. */
export const cutMidBody: Mischief = (request) => {
  if (request.method !== 'PUT') return false
  request.once('data', () => request.socket.destroy())
  return true
}

/** Stores nothing and falls over. */
export const fallOver: Mischief = (request, response) => {
  if (request.method !== 'PUT') return false
  request.resume()
  response.writeHead(500).end('oh no')
  return true
}
