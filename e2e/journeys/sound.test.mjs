// Music arrives as it was made: nothing levels it, cancels it as an echo or takes it for noise.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { PHONE, openBrowser } from '../lib/browser.mjs'
import { confirmAndEnter, record, signIn, submitTake } from '../lib/candidate.mjs'
import { startDemo } from '../lib/demo.mjs'
import { deliveredTake, saveMedia } from '../lib/footage.mjs'
import { MUSIC, bandDb, levelsDb, loudest, music, samplesOf, tone } from '../lib/sound.mjs'

/** What changes one part of the sound against another is a defect from here on. */
const UNLIKE_DB = 1.5
/** All of it alike may be a little louder: two channels folded into one are 3 dB more. */
const ALIKE_DB = 3.5

let demo
before(async () => (demo = await startDemo()))
after(() => demo?.end())

/** Records `audio` for so many seconds, submits it and gives the delivered file. */
async function delivered(candidate, audio, seconds) {
  const { context, page } = await openBrowser(PHONE, { audio })
  await signIn(page, demo.address, candidate)
  await confirmAndEnter(page, demo.address, demo.exam)
  await record(page, { seconds })
  await submitTake(page)
  const take = await deliveredTake(page)
  const file = await saveMedia(page, take.parts[0], join(demo.folder, `${take.id}.mp4`))
  await context.close()
  return file
}

const spread = (numbers) => Math.max(...numbers) - Math.min(...numbers)
const mean = (numbers) => numbers.reduce((sum, each) => sum + each, 0) / numbers.length

test('a sustained tone stays as loud as it is', { timeout: 120_000 }, async () => {
  const file = await delivered(demo.candidates[2], tone(join(demo.folder, 'tone.wav'), 440), 9)
  assert.ok(Math.abs(loudest(file) - 440) < 4, `the loudest is ${loudest(file)} Hz`)
  const levels = levelsDb(samplesOf(file, { from_s: 1, seconds: 7 }), 0.25)
  assert.ok(spread(levels) < UNLIKE_DB, `it varies by ${spread(levels).toFixed(2)} dB`)
  const source = mean(levelsDb(samplesOf(join(demo.folder, 'tone.wav'), { seconds: 5 }), 0.25))
  assert.ok(Math.abs(mean(levels) - source) < ALIKE_DB, `${mean(levels).toFixed(1)} dB of ${source.toFixed(1)} dB`)
})

test('a voice with its accompaniment keeps every partial, loud and soft', { timeout: 120_000 }, async () => {
  const source = music(join(demo.folder, 'music.wav'))
  const file = await delivered(demo.candidates[1], source, MUSIC.period_s + 3)
  const stretch = { from_s: 1, seconds: MUSIC.period_s }
  const [sung, heard] = [samplesOf(source, stretch), samplesOf(file, stretch)]
  const partials = [
    ...MUSIC.chord.map((hertz) => ({ hertz, wide: 3 })),
    ...MUSIC.melody.flatMap((hertz) => [1, 2].map((times) => ({ hertz: times * hertz, wide: 45 }))),
  ]
  const gains = partials.map(({ hertz, wide }) => bandDb(heard, hertz, wide) - bandDb(sung, hertz, wide))
  console.log(`# gains ${gains.map((gain) => gain.toFixed(2)).join(' ')} dB`)
  assert.ok(spread(gains) < UNLIKE_DB, `partials differ: ${gains.map((gain) => gain.toFixed(1)).join(', ')} dB`)
  const soft = 20 * Math.log10(MUSIC.soft)
  const levels = levelsDb(heard, 0.5).sort((one, other) => one - other)
  const contrast = levels[2] - levels[levels.length - 3]
  assert.ok(Math.abs(contrast - soft) < UNLIKE_DB, `soft is ${contrast.toFixed(1)} dB below loud, not ${soft} dB`)
})
