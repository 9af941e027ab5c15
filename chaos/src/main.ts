// `make chaos`: both scenarios, and one line that says what was lost. SEED repeats a run's decisions,
// FAULT plants faults that the run must notice, SCENARIO picks one.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Dice } from './chance'
import { makeClips, type Clip } from './clips'
import { openInstallation, type Kind } from './real'
import { runScenario, type Outcome } from './scenario'
import { explain, passes, sum, summary } from './summary'

const TAKES_LEAST = 200
const KILLS_LEAST = 20
const SCENARIOS: Record<string, { kind: Kind; title: string }> = {
  A: { kind: 'disk', title: 'SQLite and local disk, one node, power cuts' },
  B: { kind: 'shared', title: 'PostgreSQL and S3, two nodes, one with its clock 3 s ahead' },
}

interface Settings {
  seed: string
  faults: string[]
  scenarios: string[]
  phones: number
  kills: number
  tempo: number
}

function settings(): Settings {
  const { FAULT = '', KILLS, PHONES, SCENARIO = 'A,B', SEED, TEMPO } = process.env
  return {
    seed: SEED ?? String(Math.floor(Math.random() * 1e9)),
    faults: FAULT.split(',').filter(Boolean),
    scenarios: SCENARIO.toUpperCase().split(','),
    phones: Number(PHONES ?? 48),
    kills: Number(KILLS ?? 12),
    tempo: Number(TEMPO ?? 10),
  }
}

async function scenario(name: string, { seed, faults, phones, kills, tempo }: Settings, clips: Clip[], folder: string): Promise<Outcome> {
  const { kind, title } = SCENARIOS[name] ?? { kind: 'disk', title: '' }
  const say = (text: string) => console.log(`${name}  ${text}`)
  say(title)
  const installation = await openInstallation({ kind, folder: join(folder, name), candidates: phones, faults })
  try {
    const limits = { kill_every_ms: [2_500, 6_500] as [number, number], storm_limit_ms: 100_000, calm_limit_ms: 90_000 }
    const dice = new Dice(seed).fork(name)
    const all_submit_twice = faults.includes('double-submit')
    const outcome = await runScenario({ name, dice, clips, folder: join(folder, name), phones, kills, tempo, ...limits, all_submit_twice, say }, installation)
    say(summary(outcome))
    return outcome
  } finally {
    await installation.stop()
  }
}

async function main(): Promise<number> {
  const chosen = settings()
  console.log(`SEED=${chosen.seed}${chosen.faults.length > 0 ? ` FAULT=${chosen.faults.join(',')}` : ''}`)
  const folder = mkdtempSync(join(tmpdir(), 'yikao-chaos-'))
  const clips = await makeClips(fileURLToPath(new URL('../.cache/clips', import.meta.url)))
  const outcomes: Outcome[] = []
  for (const name of chosen.scenarios) outcomes.push(await scenario(name, chosen, clips, folder))
  const all = sum(outcomes)
  for (const line of explain(all)) console.log(line)
  const good = passes(all, TAKES_LEAST, KILLS_LEAST)
  if (good && process.env.KEEP === undefined) rmSync(folder, { recursive: true, force: true })
  else console.log(`logs, phones and data are kept in ${folder}`)
  console.log(summary(all))
  return good ? 0 : 1
}

process.exit(await main())
