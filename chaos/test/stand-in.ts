// A server in this process that keeps the contract as far as phones and the oracle meet it, and can be
// told to break it. It stands in for the product only to test the simulator.
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Installation, ServerNode } from '../src/installation'
import { freePort } from '../src/processes'
import { packBundle } from './stand-in-bundle'
import { VolatileDisk, type Wrongs } from './stand-in-disk'
import { Refused, State, type Part, type Sitting, type Take } from './stand-in-state'

interface Ask {
  method: string
  path: string
  query: URLSearchParams
  headers: IncomingMessage['headers']
  body: Buffer
}

interface Answer {
  status: number
  body?: unknown
  headers?: Record<string, string>
}

export async function standIn(candidates: number, wrongs: Wrongs = {}): Promise<Installation> {
  const node = new StandIn(await freePort(), new State(candidates, wrongs), new VolatileDisk(wrongs))
  return { nodes: [node], seed: node.state.seed, stop: () => node.kill() }
}

class StandIn implements ServerNode {
  readonly name = 'stand-in'
  #server: Server | null = null
  readonly #routes: ReturnType<StandIn['table']>

  constructor(
    readonly port: number,
    readonly state: State,
    private readonly disk: VolatileDisk,
  ) {
    this.#routes = this.table()
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => void this.#serve(request, response))
    this.#server = server
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve))
  }

  async kill(): Promise<void> {
    this.disk.cutPower()
    const server = this.#server
    this.#server = null
    server?.closeAllConnections()
    await new Promise((resolve) => (server === null ? resolve(null) : server.close(resolve)))
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const url = new URL(request.url ?? '/', 'http://stand-in')
      const { method = 'GET', headers } = request
      const answer = await this.#answer({ method, headers, path: url.pathname, query: url.searchParams, body: Buffer.concat(chunks) })
      const { status, body, headers: more = {} } = answer
      response.writeHead(status, { 'Content-Type': status < 400 ? 'application/json' : 'application/problem+json', ...more })
      response.end(Buffer.isBuffer(body) ? body : body === undefined ? '' : JSON.stringify(body))
    } catch {
      response.destroy()
    }
  }

  async #answer(ask: Ask): Promise<Answer> {
    try {
      for (const [route, handle] of this.#routes) {
        const found = route.exec(`${ask.method} ${ask.path}`)
        if (found !== null) return await handle(ask, found.slice(1))
      }
      throw new Refused(404, 'route.not_found')
    } catch (failure) {
      if (!(failure instanceof Refused)) throw failure
      const { status, code } = failure
      return { status, body: { code, status, title: code, detail: code } }
    }
  }

  private table(): [RegExp, (ask: Ask, names: string[]) => Answer | Promise<Answer>][] {
    const { state } = this
    const view = (sitting: Sitting) => state.view(sitting, (take) => this.#isComplete(take))
    const opened = (sitting: Sitting, part: Part) => ({ sitting: view(sitting), take_id: part.take_id, part: grantOf(part) })
    const enrolment = () => ({ id: state.seed.major, sessions: [{ id: state.seed.session, sitting_id: null }] })
    return [
      [/^GET \/healthz$/, () => ({ status: 200 })],
      [/^GET \/api\/server$/, () => ({ status: 200, body: { keys: [{ kid: '1', public_key: state.public_key }] } })],
      [/^POST \/api\/logins$/, (ask) => ({ status: 201, body: {}, headers: { 'Set-Cookie': `login=${read(ask).account}; HttpOnly` } })],
      [/^GET \/api\/me$/, (ask) => ({ status: 200, body: { account_id: who(ask), identity: {} } })],
      [/^POST \/api\/exams\/.*\/enrolments$/, () => ({ status: 201, body: enrolment() })],
      [/^GET \/api\/enrolments\/.*$/, () => ({ status: 200, body: enrolment() })],
      [/^POST \/api\/enrolments\/.*\/sittings$/, (ask) => this.#once(ask, 201, () => view(state.enter(who(ask))))],
      [/^GET \/api\/sittings\/([^/]*)$/, (_, [id = '']) => ({ status: 200, body: view(state.sitting(id)) })],
      [/^POST \/api\/sittings\/([^/]*)\/takes$/, (ask, [id = '']) => this.#once(ask, 201, () => {
        const { sitting, part } = state.startTake(id, read(ask).subject_id ?? '')
        return opened(sitting, part)
      })],
      [/^POST \/api\/takes\/([^/]*)\/parts$/, (ask, [id = '']) => this.#once(ask, 201, () => opened(state.take(id).sitting, state.addPart(id)))],
      [/^POST \/api\/takes\/([^/]*)\/finish$/, (ask, [id = '']) => this.#once(ask, 200, () => view(state.finish(id, read(ask).parts as never)))],
      [/^POST \/api\/takes\/([^/]*)\/(beep|interruptions|failure)$/, (ask, [id = '', what]) => this.#once(ask, 200, () => {
        const { sitting, take } = state.take(id)
        if (what === 'beep' && take.state === 'positioning') take.state = 'recording'
        if (what === 'failure') take.state = 'lost'
        return view(sitting)
      })],
      [/^POST \/api\/sittings\/([^/]*)\/submissions$/, (ask, [id = '']) => this.#once(ask, 201, () => {
        const { sitting, receipt } = state.submit(id, read(ask).subject_id ?? '', read(ask).take_id ?? '')
        return { sitting: view(sitting), receipt }
      })],
      [/^PUT \/api\/parts\/([^/]*)\/segments\/(\d+)$/, (ask, [part = '', index]) => this.#put(ask, part, Number(index))],
      [/^GET \/api\/parts\/([^/]*)\/missing$/, (ask, [part = '']) => this.#missing(part, Number(ask.query.get('last')))],
      [/^POST \/api\/parts\/([^/]*)\/pulses$/, (ask, [part = '']) => this.#pulse(ask, part)],
      [/^GET \/api\/console\/sittings\/([^/]*)\/bundle$/, (_, [id = '']) => this.#bundle(state.sitting(id))],
    ]
  }

  /** A repeated command gets the stored answer, a refusal as well. */
  #once(ask: Ask, status: number, work: () => unknown): Answer {
    const { command_id = '' } = read(ask)
    const known = this.state.answers.get(command_id)
    if (known !== undefined) return known
    const answer = { status, body: work() }
    this.state.answers.set(command_id, answer)
    return answer
  }

  async #put({ body, headers }: Ask, part_id: string, index: number): Promise<Answer> {
    const digest = createHash('sha256').update(body).digest()
    if (headers['content-digest'] !== `sha-256=:${digest.toString('base64')}:`) throw new Refused(422, 'segment.digest_mismatch')
    const known = this.disk.get(part_id, index)
    if (known !== undefined && known.digest !== digest.toString('hex')) throw new Refused(409, 'segment.conflict')
    await this.disk.put(part_id, index, { bytes: body, digest: digest.toString('hex'), head: String(headers['yikao-seal']) })
    return { status: 204 }
  }

  #missing(part_id: string, last: number): Answer {
    const received: [number, number][] = []
    const missing: [number, number][] = []
    for (let index = 1; index <= last; index += 1) (this.disk.get(part_id, index) === undefined ? missing : received).push([index, index])
    return { status: 200, body: { received, missing, safe_through: 0 } }
  }

  #pulse(ask: Ask, part_id: string): Answer {
    const { wrongs } = this.state
    const { seals } = JSON.parse(ask.body.toString()) as { seals: { index: number; head: string }[] }
    const newest = seals[seals.length - 1] ?? { index: 0, head: '' }
    const head = wrongs.pulse_head ? newest.head.replace(/^./, (digit) => (digit === '0' ? '1' : '0')) : newest.head
    const server_time = Date.now() + (wrongs.clock_ahead_ms ?? 0)
    const witnessed = seals.map((seal) => ({ ...seal, witnessed_at: server_time }))
    this.state.seals.set(part_id, [...(this.state.seals.get(part_id) ?? []), ...witnessed])
    const acknowledgement = this.state.signed({ kind: 'pulse', part: part_id, index: newest.index, head, server_time }, !wrongs.pulse_signature)
    const sitting = { version: 1, closes_at: null, phase: 'open' }
    return { status: 200, body: { acknowledgement, capability: null, sitting, take: null, server_time } }
  }

  #bundle(sitting: Sitting): Answer {
    return { status: 200, body: packBundle(sitting, this.disk, this.state) }
  }

  #isComplete(take: Take): boolean {
    return take.finished.every(({ part_id, last_index }) => {
      for (let index = 1; index <= last_index; index += 1) if (this.disk.get(part_id, index) === undefined) return false
      return true
    })
  }
}

function read(ask: Ask): Partial<Record<string, string>> {
  return JSON.parse(ask.body.toString() || '{}') as Record<string, string>
}

function who(ask: Ask): string {
  const phone = /login=([^;]*)/.exec(ask.headers.cookie ?? '')?.[1]
  if (phone === undefined) throw new Refused(401, 'login.required')
  return phone
}

function grantOf({ id, sitting_id, take_id }: Part): object {
  return { id, capability: `capability of ${id}`, sitting_id, owner_kind: 1, owner_id: take_id }
}
