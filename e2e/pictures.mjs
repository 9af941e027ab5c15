// Makes the pictures of the README: `node pictures.mjs`. A drawn singer stands before the camera; everything else is the
// product as it is.
import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DESKTOP, PHONE, openBrowser } from './lib/browser.mjs'
import { capturedSeconds, beginTake, confirmAndEnter, confirmed, signIn, submitTake, until } from './lib/candidate.mjs'
import { startDemo } from './lib/demo.mjs'
import { deliveredTake } from './lib/footage.mjs'
import { music } from './lib/sound.mjs'

const INTO = fileURLToPath(new URL('../docs/images/', import.meta.url))

const SCENE = `<body style="margin:0"><svg viewBox="0 0 1280 720" width="1280" height="720" xmlns="http://www.w3.org/2000/svg">
<defs>
  <radialGradient id="light" cx="50%" cy="30%" r="75%"><stop offset="0" stop-color="#f3e3c3"/><stop offset=".55" stop-color="#c99f6b"/><stop offset="1" stop-color="#5b4230"/></radialGradient>
  <linearGradient id="floor" x2="0" y2="1"><stop offset="0" stop-color="#6d4a30"/><stop offset="1" stop-color="#3a2618"/></linearGradient>
</defs>
<rect width="1280" height="720" fill="url(#light)"/>
<g fill="#8c2f23">
  <path d="M0 0h210q-24 300-92 600H0z"/><path d="M1280 0h-210q24 300 92 600h118z"/>
</g>
<g stroke="#6f2219" stroke-width="7" fill="none"><path d="M60 0q8 300-18 600M130 0q0 300-60 600M1220 0q-8 300 18 600M1150 0q0 300 60 600"/></g>
<rect y="590" width="1280" height="130" fill="url(#floor)"/>
<ellipse cx="640" cy="655" rx="250" ry="34" fill="#f3e3c3" opacity=".35"/>
<g fill="#1d1a1c">
  <path d="M850 640v-150q0-30 60-36l140-10q70-6 96 30l22 40v40H870v90z"/><rect x="1140" y="540" width="14" height="110"/>
  <path d="M880 452l190-120q60-30 74 14l10 96z"/>
</g>
<rect x="852" y="518" width="150" height="10" fill="#f4efe6"/>
<g>
  <path d="M586 650q-14-150 8-250 10-70 52-72 42 2 52 72 22 100 8 250z" fill="#20395e"/>
  <path d="M596 372q-52 40-70 106l20 12q30-46 62-66zM696 372q46 30 40 92l-22 6q-8-34-34-46z" fill="#20395e"/>
  <circle cx="536" cy="488" r="13" fill="#d9a77f"/><circle cx="722" cy="470" r="13" fill="#d9a77f"/>
  <rect x="632" y="292" width="28" height="44" fill="#d9a77f"/><ellipse cx="646" cy="258" rx="44" ry="52" fill="#e2b48d"/>
  <path d="M598 262q-8-76 48-76t48 76q-10-34-30-44-36 6-66 44z" fill="#2a1c16"/>
  <ellipse cx="646" cy="284" rx="9" ry="11" fill="#7d3328"/>
</g></svg></body>`

/** A still of the scene as the file of a fake camera. */
async function camera(folder) {
  const { context, page } = await openBrowser({ viewport: { width: 1280, height: 720 } })
  await page.setContent(SCENE)
  await page.screenshot({ path: join(folder, 'scene.png') })
  await context.close()
  const file = join(folder, 'scene.mjpeg')
  const still = ['-loop', '1', '-i', join(folder, 'scene.png'), '-t', '1', '-r', '20', '-pix_fmt', 'yuvj420p', '-q:v', '2']
  execFileSync('ffmpeg', ['-v', 'error', '-y', ...still, file])
  return file
}

/** Few colours and no transparency: pictures of screens stay sharp and small. */
function keep(shots, name) {
  const apart = shots.map((_, at) => `[${at}]pad=iw+48:ih+48:24:24:color=#d8d6cf[p${at}]`)
  const beside = shots.length > 1 ? `${shots.map((_, at) => `[p${at}]`).join('')}hstack=${shots.length}[all]` : '[p0]null[all]'
  const few = '[all]split[one][two];[one]palettegen=max_colors=160[few];[two][few]paletteuse=dither=none'
  const filter = `${apart.join(';')};${beside};${few}`
  const from = shots.flatMap((shot) => ['-i', shot])
  const to = ['-frames:v', '1', '-update', '1', join(INTO, name)]
  execFileSync('ffmpeg', ['-v', 'error', '-y', ...from, '-filter_complex', filter, ...to])
}

async function candidate(demo) {
  const file = (name) => join(demo.folder, `${name}.png`)
  const media = { audio: music(join(demo.folder, 'music.wav')), video: await camera(demo.folder) }
  const { context, page } = await openBrowser({ ...PHONE, deviceScaleFactor: 1.5 }, media)
  await signIn(page, demo.address, demo.candidates[0])
  await confirmAndEnter(page, demo.address, demo.exam)
  await page.getByTestId('subject').first().click()
  await page.getByTestId('start-take').waitFor()
  await page.screenshot({ path: file('subject') })
  await page.goBack()
  await beginTake(page)
  await until('captured', async () => (await capturedSeconds(page)) >= 14)
  await page.screenshot({ path: file('recorder') })
  await confirmed(page, 'hold-to-stop', 'stop')
  await page.getByTestId('finished').waitFor()
  await submitTake(page)
  await deliveredTake(page)
  await context.close()
  keep([file('subject'), file('recorder')], 'candidate.png')
}

async function review(demo) {
  const judge = await demo.as('judge')
  const { items } = await judge.call('GET', `/console/exams/${demo.exam}/sittings`)
  const { context, page } = await openBrowser(DESKTOP)
  await signIn(page, `${demo.address}/console`, demo.staff('judge'))
  await page.goto(`${demo.address}/console/sittings/${items[0].sitting_id}`)
  const video = page.locator('video').first()
  await video.evaluate((element) => {
    element.muted = true
    return element.play()
  })
  await until('it plays', () => video.evaluate((element) => element.currentTime > 4))
  await video.evaluate((element) => element.pause())
  await page.waitForTimeout(500)
  await page.screenshot({ path: join(demo.folder, 'review.png') })
  await context.close()
  keep([join(demo.folder, 'review.png')], 'console.png')
}

mkdirSync(INTO, { recursive: true })
const demo = await startDemo()
try {
  await candidate(demo)
  await review(demo)
} finally {
  await demo.end()
}
