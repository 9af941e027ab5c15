// Sounds to sing into a fake microphone, and what is in a recording.
import { execFileSync, spawnSync } from 'node:child_process'

/** Samples a second in which recordings are looked at: enough for partials up to 3.5 kHz. */
const RATE = 8000

/** A steady tone of `hertz`, a minute long. */
export function tone(file, hertz) {
  return synthesize(file, `0.5*sin(2*PI*${hertz}*t)`)
}

/**
 * Singing with an accompaniment, a minute long: a held chord, a melody of four notes with overtones and a slow vibrato,
 * and every four seconds a change between loud and soft. It repeats every `MUSIC.period_s`, so that a stretch of that
 * length holds the same sound wherever it is cut.
 */
export function music(file) {
  const { chord, melody, period_s, soft, vibrato } = MUSIC
  const note = period_s / melody.length
  const sung = melody.map((hertz, at) => {
    const phase = `2*PI*${hertz}*t-${(vibrato.depth * hertz) / vibrato.hertz}*cos(2*PI*${vibrato.hertz}*t)`
    return `between(mod(t,${period_s}),${at * note},${(at + 1) * note})*(0.16*sin(${phase})+0.06*sin(2*(${phase})))`
  })
  const held = chord.map((hertz) => `0.08*sin(2*PI*${hertz}*t)`)
  return synthesize(file, `(${[...sung, ...held].join('+')})*if(lt(mod(t,${period_s}),${period_s / 2}),1,${soft})`)
}

export const MUSIC = {
  period_s: 8,
  chord: [220, 277.18, 329.63],
  melody: [659.26, 880, 987.77, 739.99],
  /** How loud the soft half is against the loud one. */
  soft: 0.1,
  vibrato: { hertz: 5, depth: 0.01 },
}

function synthesize(file, expression) {
  const source = `aevalsrc='${expression}':s=48000:d=60`
  execFileSync('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', source, '-ac', '1', '-c:a', 'pcm_s16le', file])
  return file
}

/** The sound of a file as mono samples between -1 and 1, from `from_s` on. */
export function samplesOf(file, { from_s = 0, seconds }) {
  const length = seconds === undefined ? [] : ['-t', `${seconds}`]
  const args = ['-v', 'error', '-i', file, '-ss', `${from_s}`, ...length, '-ac', '1', '-ar', `${RATE}`, '-f', 'f32le', '-']
  const out = spawnSync('ffmpeg', args, { maxBuffer: 1 << 28 })
  return new Float32Array(out.stdout.buffer.slice(out.stdout.byteOffset, out.stdout.byteOffset + out.stdout.length))
}

/** The strongest frequency of a file's sound, in Hz. */
export function loudest(file) {
  const samples = samplesOf(file, { from_s: 2, seconds: 2 })
  let best = { hertz: 0, power: 0 }
  for (let hertz = 60; hertz < 2000; hertz += 2) {
    const power = goertzel(samples, hertz)
    if (power > best.power) best = { hertz, power }
  }
  return best.hertz
}

/** The energy around a frequency, `wide` Hz to either side, in dB. */
export function bandDb(samples, hertz, wide) {
  const step = RATE / samples.length
  let power = 0
  for (let at = Math.round((hertz - wide) / step); at <= (hertz + wide) / step; at++) power += goertzel(samples, at * step)
  return 10 * Math.log10((power / samples.length ** 2) * 4 + 1e-12)
}

/** How loud each piece of so many seconds is, in dB. */
export function levelsDb(samples, piece_s) {
  const length = Math.round(piece_s * RATE)
  const levels = []
  for (let from = 0; from + length <= samples.length; from += length) {
    const squares = samples.subarray(from, from + length).reduce((sum, sample) => sum + sample * sample, 0)
    levels.push(10 * Math.log10(squares / length + 1e-12))
  }
  return levels
}

function goertzel(samples, hertz) {
  const turn = 2 * Math.cos((2 * Math.PI * hertz) / RATE)
  let [before, last] = [0, 0]
  for (const sample of samples) [before, last] = [last, sample + turn * last - before]
  return before * before + last * last - turn * before * last
}
