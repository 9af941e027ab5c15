// A development server's stand-in for the API: seeded candidates, exams and sittings in memory.
// Sign in as 13800000000 for a candidate with everything set up, as any other phone for a new one.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Plugin } from 'vite'
import type { Problem } from '../src/api/types'
import { majors, summary, support } from './seeds'
import { newId, World } from './world'

type Handler = (match: string[], body: Record<string, never>, world: World) => unknown
const signed = (content: object) => ({ kid: 'mock-1', payload: JSON.stringify({ ...content, server_time: Date.now() }), signature: newId().replace(/-/g, '') })
const NOTHING = Symbol('204')

class Trouble extends Error {
  constructor(readonly problem: Problem) {
    super(problem.code)
  }
}

function refuse(status: number, code: string, title: string, detail: string, remedy: string): never {
  throw new Trouble({ status, code, title, detail, remedy, params: {} })
}

const signedIn = (world: World) => world.me ?? refuse(401, 'login.required', '请先登录', '', '')
const sittingOf = (world: World, id: string) => world.sittings.find((each) => each.id === id) ?? refuse(404, 'sitting.not_found', '没有这场考试', '', '')
const grant = (part: string, sitting: string, take: string) => ({ id: part, capability: 'mock', sitting_id: sitting, owner_kind: 1, owner_id: take })

const routes: [string, RegExp, Handler][] = [
  ['GET', /^\/server$/, () => ({ name: '', version: '0.1.0', server_time: Date.now(), minimum_client: '0', keys: [], support, demo: true })],
  ['GET', /^\/me$/, (_, __, world) => ({ ...signedIn(world), server_time: Date.now() })],
  ['POST', /^\/codes$/, () => ({ id: 'code-1', state: 'sent', refusal: null })],
  ['POST', /^\/accounts$/, (_, __, world) => ({ account: world.signIn(false) })],
  ['POST', /^\/logins$/, (_, body: { account?: string; password?: string }, world) =>
    body.password === 'wrong'
      ? refuse(401, 'login.wrong', '手机号或密码不对', '请检查是否输错。', '忘记密码可以重设。')
      : { account: world.signIn(body.account === '13800000000') }],
  ['GET', /^\/logins$/, () => [
    { id: '1', kind: 'phone', device: 'Chrome · Android 13 · V2203A', created_at: Date.now() - 9e6, last_seen_at: Date.now(), current: true },
    { id: '2', kind: 'phone', device: 'Safari · iPhone', created_at: Date.now() - 9e8, last_seen_at: Date.now() - 9e7, current: false },
  ]],
  ['DELETE', /^\/logins\/current$/, (_, __, world) => ((world.me = null), NOTHING)],
  ['DELETE', /^\/logins\/(.+)$/, () => NOTHING],
  ['PUT', /^\/me\/identity$/, (_, body: { name?: string; province?: string }, world) => {
    const me = signedIn(world)
    me.identity = { name: body.name ?? '', document_type: 'id_card', document_number_masked: '110105********002X', province: body.province ?? '', confirmed_at: Date.now() }
    return me
  }],
  ['GET', /^\/exams\/([^/]+)$/, (_, __, world) => summary(world.began)],
  ['GET', /^\/me\/enrolments$/, (_, __, world) => ({ pending: world.pending(), confirmed: world.enrolments.map((each) => world.view(each.id)) })],
  ['POST', /^\/exams\/[^/]+\/majors\/([^/]+)\/enrolments$/, ([major], _, world) => {
    if (major === 'major-2') return refuse(422, 'roster.province_differs', '无法申请此考试', '您的申请考试信息与学校名单信息不匹配，无法申请此考试', '请与院校核对高考省份。')
    return world.enrolments.find((each) => each.major.id === majors[0]!.id)
  }],
  ['GET', /^\/enrolments\/([^/]+)$/, ([id], _, world) => world.view(id!) ?? refuse(404, 'enrolment.not_found', '没有这场考试', '', '')],
  ['POST', /^\/enrolments\/([^/]+)\/sittings$/, ([id], body: { session_id?: string }, world) => world.enter(id!, body.session_id ?? '')],
  ['GET', /^\/sittings\/([^/]+)$/, ([id], _, world) => world.touch(sittingOf(world, id!))],
  ['POST', /^\/sittings\/([^/]+)\/takes$/, ([id], body: { subject_id?: string }, world) => {
    const sitting = sittingOf(world, id!)
    const take = world.startTake(sitting, body.subject_id ?? '')
    return { sitting: world.touch(sitting), take_id: take.id, part: grant(take.parts[0]!.id, sitting.id, take.id) }
  }],
  ['POST', /^\/takes\/([^/]+)\/parts$/, ([id], _, world) => {
    const { sitting, take } = world.sittingOfTake(id!)
    const part = world.addPart(take)
    take.state = 'recording'
    take.grace_until = null
    return { sitting: world.touch(sitting), take_id: take.id, part: grant(part, sitting.id, take.id) }
  }],
  ['POST', /^\/takes\/([^/]+)\/(beep|finish|failure|interruptions)$/, ([id, act], body, world) => changeTake(id!, act!, body, world)],
  ['POST', /^\/parts\/([^/]+)\/capability$/, () => ({ capability: 'mock', expires_at: Date.now() + 9e6 })],
  ['POST', /^\/sittings\/([^/]+)\/submissions$/, ([id], body: { subject_id?: string; take_id?: string }, world) => {
    const sitting = sittingOf(world, id!)
    const subject = sitting.subjects.find((each) => each.subject_id === body.subject_id)!
    subject.state = 'submitted'
    subject.submission = { id: newId(), revision: 1, take_id: body.take_id ?? '', submitted_at: Date.now(), delivery: { state: 'pending' } }
    return { sitting: world.touch(sitting), receipt: signed({ kind: 'submission', subject_id: body.subject_id }) }
  }],
  ['POST', /^\/sittings\/([^/]+)\/finish$/, ([id], _, world) => {
    const sitting = sittingOf(world, id!)
    sitting.phase = { ...sitting.phase, state: 'closed', outcome: 'completed' }
    return world.touch(sitting)
  }],
  ['GET', /^\/sittings\/([^/]+)\/receipts$/, ([id], _, world) =>
    sittingOf(world, id!).subjects.filter((each) => each.submission).map((each) => ({ ...signed({ kind: 'submission', subject_id: each.subject_id }), kind: 'submission', subject_id: each.subject_id }))],
  ['POST', /^\/parts\/([^/]+)\/pulses$/, () => ({ acknowledgement: signed({ kind: 'pulse' }), capability: null, sitting: { version: 0, closes_at: null, phase: 'open' }, take: null, server_time: Date.now() })],
  ['PUT', /^\/parts\/([^/]+)\/segments\/(\d+)$/, ([part, index], _, world) => (world.received.get(part!)?.add(Number(index)), NOTHING)],
  ['GET', /^\/parts\/([^/]+)\/missing$/, ([part], _, world) => {
    const indices = [...(world.received.get(part!) ?? [])]
    return { received: indices.map((index) => [index, index]), missing: [], safe_through: indices.length }
  }],
]

function changeTake(id: string, act: string, body: { parts?: { part_id: string; last_index: number; duration_ms: number }[] }, world: World) {
  const { sitting, take } = world.sittingOfTake(id)
  if (act === 'beep') Object.assign(take, { state: 'recording', beep_at: Date.now(), max_ends_at: Date.now() + 15 * 60_000 })
  if (act === 'failure') take.state = 'lost'
  if (act === 'interruptions') world.interrupt(take)
  if (act === 'finish') {
    for (const part of body.parts ?? []) {
      const known = take.parts.find((each) => each.id === part.part_id)
      if (known) Object.assign(known, { last_index: part.last_index, duration_ms: part.duration_ms })
    }
    Object.assign(take, { state: 'finished', finished_at: Date.now(), duration_ms: (body.parts ?? []).reduce((sum, part) => sum + part.duration_ms, 0) })
  }
  return world.touch(sitting)
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, never>> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  if (!(request.headers['content-type'] ?? '').includes('json') || chunks.length === 0) return {}
  return JSON.parse(Buffer.concat(chunks).toString()) as Record<string, never>
}

async function answer(world: World, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = (request.url ?? '').split('?')[0]!.replace(/^\/api/, '')
  if (path.endsWith('/events')) return void response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write(': mock\n\n')
  const body = await bodyOf(request)
  const route = routes.find(([method, pattern]) => method === request.method && pattern.test(path))
  try {
    if (route === undefined) refuse(404, 'route.not_found', '没有这个接口', path, '')
    const result = route[2](route[1].exec(path)!.slice(1), body, world)
    if (result === NOTHING) return void response.writeHead(204).end()
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(result))
  } catch (thrown) {
    const problem = thrown instanceof Trouble ? thrown.problem : { status: 500, code: 'internal', title: '', detail: String(thrown), remedy: '' }
    response.writeHead(problem.status, { 'Content-Type': 'application/problem+json' }).end(JSON.stringify(problem))
  }
}

export function mockServer(): Plugin {
  const world = new World()
  return {
    name: 'yikao-mock',
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        if (!(request.url ?? '').startsWith('/api/')) return next()
        void answer(world, request, response)
      })
    },
  }
}
