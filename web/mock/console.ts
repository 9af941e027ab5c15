// The staff routes of the mock. Sign in as 13900000000 for an administrator who is the operator too,
// as 13900000001 for a judge, as 13900000002 for someone without a staff role.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Plugin } from 'vite'
import type { ExamView, RevisionBody } from '../src/api/console-types'
import type { Problem } from '../src/api/types'
import * as seeds from './console-seeds'

type Answer = { status?: number; body: unknown }
type Handler = (match: string[], body: Record<string, unknown>, query: URLSearchParams) => unknown

const exams = new Map<string, ExamView>([
  ['exam-open', seeds.examView('exam-open', 'open', seeds.body)],
  ['exam-draft', seeds.examView('exam-draft', 'draft', { ...seeds.body, title: '2027 年舞蹈表演专业校考', majors: [...seeds.body.majors.slice(0, 1), { ...seeds.body.majors[1]!, subjects: [] }] })],
  ['exam-closed', seeds.examView('exam-closed', 'closed', { ...seeds.body, title: '2026 年研究生学位音乐会' })],
])
const roles: Record<string, object[]> = {
  '13900000000': [{ role: 'admin', school_id: 'school-1', school_name: '海滨音乐学院' }, { role: 'admin', school_id: 'school-2' }, { role: 'operator' }],
  '13900000001': [{ role: 'judge', school_id: 'school-1', school_name: '海滨音乐学院' }],
  '13900000002': [{ role: 'candidate' }],
}
let signedIn: string | null = null

const wrong: Problem = { status: 401, code: 'login.wrong', title: '登录失败', detail: '手机号或密码不对。', remedy: '请检查后再试；忘记密码可在考生端重设。', params: {} }
const me = () => ({ account_id: 'staff-1', phone_masked: '139****0000', email_masked: null, device_id: 'device-1', roles: roles[signedIn ?? ''] ?? [], identity: null, server_time: Date.now() })
const brief = (exam: ExamView) => ({
  id: exam.id, title: exam.revision.body.title, state: exam.state, zone: exam.revision.body.zone, opens_at: exam.revision.body.sessions[0]?.opens_at ?? null, closes_at: exam.revision.body.sessions[0]?.closes_at ?? null,
  counts: exam.state === 'draft' ? { roster: 0, enrolments: 0, sitting_now: 0, submitted: 0 } : { roster: 1284, enrolments: 1107, sitting_now: exam.state === 'open' ? 86 : 0, submitted: 611 },
})
const change = (id: string, state: ExamView['state'], body?: RevisionBody) => {
  const view = seeds.examView(id, state, body ?? exams.get(id)!.revision.body)
  exams.set(id, view)
  return view
}
const entries = Array.from({ length: 37 }, (_, index) => ({
  id: `entry-${index}`, name: ['王小艺', '李明轩', '欧阳若兰', '陈思远'][index % 4] + (index > 3 ? String(index) : ''), document_type: 'id_card', document_number_masked: `3701**********00${10 + index}`,
  province: ['山东', '江苏', '新疆', '广东'][index % 4], major: { id: 'major-vocal', name: '声乐表演' }, enrolled_at: index % 3 ? Date.now() : null,
  open_tasks: index % 3 ? (index % 2 ? [] : ['诚信录制承诺书']) : null,
}))
const preview = {
  preview_id: 'preview-1', columns: { name: '考生姓名', document_number: '身份证号', province: '生源地' }, rows_total: 1290, accepted_total: 1284, missing_columns: [],
  accepted: entries.map((entry, index) => ({ row: index + 2, ...entry })), diff: { added: 1202, changed: 14, removed: 3, unchanged: 68 },
  errors: [
    { row: 17, column: 'document_number', code: 'identity.checksum', remedy: '对照证件逐位核对号码。', message: '身份证号码 37010****0011 的校验位不对。' }, { row: 203, column: 'province', code: 'identity.province_unknown', remedy: '写省份的通用名称，例如“山东”。', message: '不认识的省份“鲁”。' },
    { row: 411, column: null, code: 'roster.duplicate', remedy: '只保留一行。', message: '与第 98 行是同一个证件号码。' },
  ],
}

const routes: [string, RegExp, Handler][] = [
  ['GET', /^\/me$/, () => me()],
  ['DELETE', /^\/logins\/current$/, () => { signedIn = null }],
  ['GET', /^\/schools$/, () => (signedIn === '13900000000' ? seeds.schools : [seeds.school])],
  ['POST', /^\/schools$/, (_, body) => ({ id: 'school-2', name: body.name })],
  ['GET', /^\/presets$/, () => seeds.presets],
  ['GET', /^\/schools\/([^/]+)\/exams$/, ([school]) => (school === 'school-1' ? [...exams.values()].map(brief) : [])],
  ['POST', /^\/schools\/[^/]+\/exams$/, (_, body) => change('exam-draft', 'draft', { ...seeds.body, title: String(body.title), majors: [] })],
  ['GET', /^\/schools\/[^/]+\/members$/, () => [{ account_id: '1', name: '李老师', phone_masked: '139****0000', email_masked: null, roles: ['admin', 'proctor'], since: 0 }, { account_id: '2', name: null, phone_masked: '138****1234', email_masked: null, roles: ['judge'], since: 0 }]],
  ['POST', /^\/schools\/[^/]+\/members$/, (_, body) => body],
  ['DELETE', /^\/schools\/[^/]+\/members\/[^/]+$/, () => ({})],
  ['GET', /^\/console\/exams\/([^/]+)$/, ([exam]) => exams.get(exam!)],
  ['PUT', /^\/console\/exams\/([^/]+)\/draft$/, ([exam], body) => change(exam!, 'draft', body.body as RevisionBody)],
  ['POST', /^\/console\/exams\/([^/]+)\/open$/, ([exam]) => change(exam!, 'open')],
  ['POST', /^\/console\/exams\/([^/]+)\/close$/, ([exam]) => change(exam!, 'closed')],
  ['GET', /^\/console\/exams\/[^/]+\/roster$/, (_, __, query) => {
    const found = entries.filter((entry) => entry.name.includes(query.get('q') ?? ''))
    const page = Number(query.get('page') ?? '1')
    return { items: found.slice((page - 1) * 20, page * 20), total: found.length }
  }],
  ['POST', /^\/console\/exams\/[^/]+\/roster-previews$/, () => preview],
  ['POST', /^\/console\/exams\/[^/]+\/roster-imports$/, () => ({ imported: 1284 })],
  ['DELETE', /^\/console\/roster-entries\/.+$/, () => ({})],
  ['PATCH', /^\/console\/roster-entries\/(.+)$/, (_, body) => body],
  ['GET', /^\/console\/exams\/[^/]+\/sittings$/, (_, __, query) => {
    const state = query.get('state') ?? ''
    const found = seeds.rows().filter((row) => row.candidate_name.includes(query.get('q') ?? '') && (state === '' || state === 'delivered' || row.phase.state === state))
    return { items: found, total: found.length, server_time: Date.now() }
  }],
  ['GET', /^\/console\/sittings\/([^/]+)$/, ([id]) => seeds.review(id!)],
  ['POST', /^\/console\/sittings\/([^/]+)\/(grants|attempts|suspend|resume|reopen|end)$/, ([id]) => seeds.review(id!)],
  ['GET', /^\/operator\/messages$/, () => [{ id: '1', to: '13812345678', text: '【艺考 Yikao】验证码 204817，10 分钟内有效。', code: '204817', created_at: Date.now() - 42_000, expires_at: Date.now() + 500_000 }]],
  ['POST', /^\/operator\/activation-codes$/, () => ({ contact: '13800000000', code: '552901', expires_at: Date.now() + 600_000 })],
  ['GET', /^\/operator\/jobs$/, () => [
    { id: '1', kind: 'assemble', state: 'running', attempts: 1, run_at: Date.now(), last_error: null, subject: 'part-b' },
    { id: '2', kind: 'assemble', state: 'retrying', attempts: 3, run_at: Date.now() + 90_000, last_error: 'ffmpeg ended with status 1: moov atom not found', subject: 'part-x' },
    { id: '3', kind: 'deliver', state: 'waiting', attempts: 0, run_at: Date.now() + 3_600_000, last_error: null },
  ]],
]

function answerOf(method: string, path: string, body: Record<string, unknown>, query: URLSearchParams): Answer | null {
  if (method === 'POST' && path === '/logins' && String(body.account).startsWith('139')) {
    if (body.password === 'wrong') return { status: 401, body: wrong }
    signedIn = String(body.account)
    return { status: 201, body: { account: me() } }
  }
  if (signedIn === null) return { status: 401, body: { ...wrong, code: 'login.required' } }
  const route = routes.find(([verb, pattern]) => verb === method && pattern.test(path))
  return route ? { body: route[2](route[1].exec(path)!.slice(1), body, query) ?? undefined } : null
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

/** Answers what the console's pages ask and leaves the rest to the candidates' mock behind it. */
async function serve(request: IncomingMessage, response: ServerResponse, next: () => void): Promise<void> {
  const url = new URL(request.url ?? '', 'http://mock')
  const path = url.pathname.replace(/^\/api/, '')
  const fromConsole = new URL(request.headers.referer ?? 'http://mock').pathname.startsWith('/console')
  if (!url.pathname.startsWith('/api') || !fromConsole) return next()
  if (path.endsWith('/live')) return void response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write(': mock\n\n')
  const text = /json/.test(request.headers['content-type'] ?? '') ? await textOf(request) : ''
  const found = answerOf(request.method ?? 'GET', path, text ? (JSON.parse(text) as Record<string, unknown>) : {}, url.searchParams)
  const body = JSON.stringify(found?.body ?? { status: 404, code: 'route.not_found', title: '没有这个接口', detail: path, remedy: '' })
  response.writeHead(found?.status ?? (found ? 200 : 404), { 'Content-Type': 'application/json' }).end(body)
}

export function consoleMock(): Plugin {
  return {
    name: 'yikao-console-mock',
    configureServer(server) {
      server.middlewares.use((request, response, next) => { void serve(request, response, next) })
    },
  }
}
