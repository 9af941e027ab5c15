// Sounds to sing into a fake microphone, and what is in a recording.
import { execFileSync, spawnSync } from 'node:child_process'

/** A steady tone of `hertz`, a minute long. */
export function tone(file, hertz) {
  const source = `sine=frequency=${hertz}:sample_rate=48000:duration=60`
  execFileSync('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', source, '-af', 'volume=8', '-ac', '1', file])
  return file
}

/** The strongest frequency of a file's sound, in Hz. */
export function loudest(file) {
  const rate = 8000
  const out = spawnSync('ffmpeg', ['-v', 'error', '-i', file, '-ss', '2', '-t', '2', '-ac', '1', '-ar', `${rate}`, '-f', 's16le', '-'],
    { maxBuffer: 1 << 26 })
  const samples = new Int16Array(out.stdout.buffer, out.stdout.byteOffset, out.stdout.length >> 1)
  let best = { hertz: 0, power: 0 }
  for (let hertz = 60; hertz < 2000; hertz += 2) {
    const power = goertzel(samples, hertz, rate)
    if (power > best.power) best = { hertz, power }
  }
  return best.hertz
}

/** How strong a frequency is in a file's sound, against its mean: about 0 where it is absent. */
export function strength(file, hertz) {
  const rate = 8000
  const out = spawnSync('ffmpeg', ['-v', 'error', '-i', file, '-ss', '2', '-t', '2', '-ac', '1', '-ar', `${rate}`, '-f', 's16le', '-'],
    { maxBuffer: 1 << 26 })
  const samples = new Int16Array(out.stdout.buffer, out.stdout.byteOffset, out.stdout.length >> 1)
  const energy = samples.reduce((sum, sample) => sum + sample * sample, 0)
  return energy === 0 ? 0 : goertzel(samples, hertz, rate) / (energy * samples.length)
}

function goertzel(samples, hertz, rate) {
  const turn = 2 * Math.cos((2 * Math.PI * hertz) / rate)
  let [before, last] = [0, 0]
  for (const sample of samples) [before, last] = [last, sample + turn * last - before]
  return before * before + last * last - turn * before * last
}
