// Headless Chromium as a phone or a desktop, with a fake camera and microphone.
import { spawnSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'

const ARGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--allow-loopback-in-peer-connection',
  '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', '--autoplay-policy=no-user-gesture-required',
  '--ignore-certificate-errors',
]

export const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true,
  userAgent: 'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36' }
export const DESKTOP = { viewport: { width: 1280, height: 800 } }

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
  return { context, profile: folder, page: context.pages()[0] ?? (await context.newPage()) }
}

/** What ffprobe says of a file. */
export function probe(file) {
  const out = spawnSync('ffprobe', ['-v', 'error', '-print_format', 'json', '-show_format', '-show_streams', file])
  if (out.status !== 0) throw new Error(`ffprobe: ${out.stderr}`)
  return JSON.parse(out.stdout.toString())
}
