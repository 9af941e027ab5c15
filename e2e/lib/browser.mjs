// Headless Chromium as a phone or a desktop, with a fake camera and microphone.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'
/** Where screenshots go, where anybody wants them. */
const SHOTS = process.env.SHOTS

const open = new Set()
const profiles = new Set()

const ARGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--allow-loopback-in-peer-connection',
  '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', '--autoplay-policy=no-user-gesture-required',
  '--ignore-certificate-errors',
]

export const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true,
  timezoneId: 'Asia/Shanghai',
  userAgent: 'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36' }
export const DESKTOP = { viewport: { width: 1280, height: 800 }, timezoneId: 'Asia/Shanghai' }

/** A browser with a profile on disk, so that a killed one can be started again with what it kept. */
export async function openBrowser(device, { profile, audio, video, locale = 'zh-CN', args = [] } = {}) {
  const folder = profile ?? mkdtempSync(join(tmpdir(), 'yikao-profile-'))
  const media = [
    ...(audio ? [`--use-file-for-fake-audio-capture=${audio}`] : []),
    ...(video ? [`--use-file-for-fake-video-capture=${video}`] : []),
  ]
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: CHROMIUM, headless: true, args: [...ARGS, ...media, ...args], locale,
    ignoreHTTPSErrors: true, permissions: ['camera', 'microphone'], ...device,
  })
  open.add(context)
  profiles.add(folder)
  context.once('close', () => open.delete(context))
  return { context, profile: folder, page: context.pages()[0] ?? (await context.newPage()) }
}

/** Closes whatever is still open (a journey that failed must end, too) and clears all profiles away. */
export async function closeBrowsers() {
  for (const context of open) await context.close().catch(() => undefined)
  for (const profile of profiles) rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
}

/** Kills every process of a browser at once, as a phone does that needs the memory. Nothing of it gets to say goodbye. */
export async function killBrowser({ context, profile }) {
  const gone = new Promise((resolve) => context.once('close', resolve))
  const main = readdirSync('/proc').find((pid) => /^\d+$/.test(pid) && isBrowserOf(pid, profile))
  if (main === undefined) throw new Error('the browser has no process')
  process.kill(-Number(main), 'SIGKILL')
  await gone
}

// The main process leads the group that all others of the browser are in.
function isBrowserOf(pid, profile) {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    const leads = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')[2] === pid
    return leads && words.includes(`--user-data-dir=${profile}`)
  } catch {
    return false
  }
}

/** Keeps a picture of a screen in the folder that the variable SHOTS names; does nothing without it. */
export async function shot(page, name) {
  if (!SHOTS) return
  mkdirSync(SHOTS, { recursive: true })
  await page.waitForTimeout(300)
  await page.screenshot({ path: join(SHOTS, `${name}.png`) })
}

/** What ffprobe says of a file. */
export function probe(file) {
  const out = spawnSync('ffprobe', ['-v', 'error', '-print_format', 'json', '-show_format', '-show_streams', file])
  if (out.status !== 0) throw new Error(`ffprobe: ${out.stderr}`)
  return JSON.parse(out.stdout.toString())
}

/** The longest time between two neighbouring packets of a kind, in seconds: a hole in the footage shows here. */
export function longestPause(file, kind) {
  const args = ['-v', 'error', '-select_streams', kind[0], '-show_entries', 'packet=pts_time', '-of', 'csv=p=0', file]
  const out = spawnSync('ffprobe', args, { maxBuffer: 1 << 26, encoding: 'utf8' })
  const times = out.stdout.split('\n').map((line) => parseFloat(line)).filter((time) => !Number.isNaN(time)).sort((a, b) => a - b)
  if (times.length < 2) throw new Error(`no ${kind} packets in ${file}`)
  return times.slice(1).reduce((most, time, at) => Math.max(most, time - times[at]), 0)
}
