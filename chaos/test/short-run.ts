// A run short enough for a test: few phones, few kills.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Dice } from '../src/chance'
import { makeClips } from '../src/clips'
import type { Installation } from '../src/installation'
import { runScenario, type Outcome } from '../src/scenario'

export const PHONES = 6

export function newFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'yikao-chaos-test-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

export interface ShortRun {
  installation: Installation
  folder: string
  seed?: string
  all_submit_twice?: boolean
  calm_limit_ms?: number
}

/** Goes on for about 15 s; the installation is stopped at its end. */
export async function shortRun({ installation, folder, seed = '1', all_submit_twice = false, calm_limit_ms = 20_000 }: ShortRun): Promise<Outcome> {
  const clips = await makeClips(fileURLToPath(new URL('../.cache/clips', import.meta.url)))
  const say = process.env.SAY === undefined ? () => undefined : (text: string) => console.log(text)
  const kill_every_ms: [number, number] = [1_000, 3_000]
  const limits = { kill_every_ms, storm_limit_ms: 40_000, calm_limit_ms, tempo: 10, phones: PHONES, kills: 4 }
  try {
    return await runScenario({ name: 'T', dice: new Dice(seed), clips, folder, all_submit_twice, say, ...limits }, installation)
  } finally {
    await installation.stop()
  }
}
