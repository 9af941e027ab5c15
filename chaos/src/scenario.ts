// One scenario: an installation, phones on bad lines, servers killed at random moments; then calm,
// one last power cut, and the oracle's verdict over what can be exported.
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { readBundle, type Bundle } from './bundle'
import type { Dice } from './chance'
import type { Clip } from './clips'
import type { Installation, ServerNode } from './installation'
import { Killer } from './killer'
import { Ledger } from './ledger'
import { judge, type Verdict } from './oracle'
import { Phone } from './phone'
import { CUTTING, Proxy, type Cuts } from './proxy'
import { Staff } from './staff'
import { STORM, Wire, type Weather } from './wire'

export interface ScenarioOptions {
  name: string
  dice: Dice
  clips: Clip[]
  folder: string
  phones: number
  kills: number
  /** Between kills, in ms, least and most. */
  kill_every_ms: [number, number]
  /** How much faster than life phones live. */
  tempo: number
  /** After this the run is calmed, whatever is not done yet, in ms. */
  storm_limit_ms: number
  /** How long phones may then still take, in ms. */
  calm_limit_ms: number
  /** Every phone submits twice, not only every third. */
  all_submit_twice: boolean
  say: (text: string) => void
}

/** How long exports may be refused altogether, while footage is still assembled after the last start. */
const EXPORT_PATIENCE_MS = 45_000
const PROGRESS_EVERY_MS = 5_000

export interface Outcome extends Verdict {
  kills: number
}

export async function runScenario(options: ScenarioOptions, installation: Installation): Promise<Outcome> {
  const { dice, say } = options
  const ledger = new Ledger()
  const { nodes, seed } = installation
  await Promise.all(nodes.map((node) => node.start()))
  const trouble: Cuts = { ...CUTTING }
  const weather: Weather = { ...STORM }
  const proxies = await Promise.all(nodes.map(({ port, name }) => Proxy.open(port, trouble, dice.fork(`proxy ${name}`))))
  const killer = new Killer({ nodes, ledger, dice: dice.fork('killer'), every_ms: options.kill_every_ms })
  try {
    const staff = await Staff.signIn(originsOf(nodes), seed.staff)
    const keys = await staff.keys()
    const phones = new Phones(options, installation, ledger, weather, proxies.map(({ origin }) => origin))
    phones.report(() => killer.kills)
    await Promise.all([killer.kill(options.kills - 1), Promise.race([phones.all, pause(options.storm_limit_ms, null, { ref: false })])])
    Object.assign(trouble, { probability: 0 })
    Object.assign(weather, { delayed: 0, repeated: 0, answer_lost: 0 })
    say(`calm: ${phones.progress(killer.kills)}`)
    await Promise.race([phones.all, pause(options.calm_limit_ms, null, { ref: false })])
    await phones.end()
    await killer.powerCut()
    say(`all settled; connections cut ${proxies.reduce((sum, { cuts }) => sum + cuts, 0)} times, apps killed ${phones.kills} times, ${killer.audits} parts audited after kills`)
    const bundles = await exported(staff, ledger, say)
    return { ...judge(ledger, bundles, keys), kills: killer.kills }
  } finally {
    for (const proxy of proxies) proxy.close()
  }
}

class Phones {
  readonly all: Promise<unknown>
  readonly #phones: Phone[] = []
  readonly #failed = new Map<Phone, unknown>()
  readonly #ledger: Ledger
  readonly #started_at = performance.now()
  readonly #say: (text: string) => void
  #ticking: NodeJS.Timeout | undefined

  constructor(options: ScenarioOptions, { seed }: Installation, ledger: Ledger, weather: Weather, origins: string[]) {
    this.#ledger = ledger
    this.#say = options.say
    // New phones come as long as servers are killed, so that every kill meets some at work.
    const rush_ms = options.kills * ((options.kill_every_ms[0] + options.kill_every_ms[1]) / 2) * 0.8
    const running: Promise<void>[] = []
    for (let number = 0; number < options.phones; number += 1) {
      const account = seed.candidates[number]
      if (account === undefined) throw new Error(`the seed has ${number} candidates for ${options.phones} phones`)
      const name = `${options.name}${number}`
      const dice = options.dice.fork(name)
      const wire = new Wire({ phone: name, origin: origins[0] ?? '', weather, dice: dice.fork('wire'), ledger })
      // Half of the phones move to another node at half time.
      const other = origins[1]
      if (other !== undefined && number % 2 === 1) setTimeout(() => (wire.origin = other), rush_ms / 2)
      const { exam, major, session } = seed
      const folder = join(options.folder, 'phones', name)
      const submits_twice = options.all_submit_twice || number % 3 === 0
      const clip = dice.happens(0.7) ? options.clips[0] : options.clips[1]
      if (clip === undefined) throw new Error('there are no clips')
      const phone = new Phone({ name, account, exam, major, session, clip, folder, tempo: options.tempo, wire, dice, ledger, submits_twice })
      this.#phones.push(phone)
      running.push(this.#live(phone, wire, dice.between(0, rush_ms)))
    }
    this.all = Promise.all(running)
  }

  get kills(): number {
    return this.#phones.reduce((sum, { kills }) => sum + kills, 0)
  }

  /** Says how far they are, every few seconds. */
  report(kills: () => number): void {
    this.#ticking = setInterval(() => this.#say(this.progress(kills())), PROGRESS_EVERY_MS)
  }

  progress(kills: number): string {
    const done = this.#phones.filter(({ state }) => state === 'done').length
    const seconds = Math.round((performance.now() - this.#started_at) / 1000)
    return `${seconds} s: ${this.#ledger.takes()} takes, ${done}/${this.#phones.length} phones done, ${kills} kills`
  }

  /** Phones that did not get through are a failure, whatever was lost or not. All are switched off. */
  async end(): Promise<void> {
    clearInterval(this.#ticking)
    for (const phone of this.#phones.filter(({ state }) => state !== 'done')) {
      this.#ledger.find(`a phone did not get through: ${phone.describe()} ${String(this.#failed.get(phone) ?? '')}`, 'phone')
      await phone.stop()
    }
  }

  async #live(phone: Phone, wire: Wire, after_ms: number): Promise<void> {
    await pause(after_ms)
    try {
      await phone.run()
      await wire.idle()
    } catch (failure) {
      this.#failed.set(phone, failure)
    }
  }
}

async function exported(staff: Staff, ledger: Ledger, say: (text: string) => void): Promise<Map<string, Bundle | null>> {
  const sittings = new Set([...ledger.grants.values()].map(({ sitting_id }) => sitting_id))
  const bundles = new Map<string, Bundle | null>()
  const deadline = Date.now() + EXPORT_PATIENCE_MS
  for (const sitting_id of sittings) {
    try {
      bundles.set(sitting_id, readBundle(await staff.bundle(sitting_id, deadline)))
    } catch (failure) {
      bundles.set(sitting_id, null)
      ledger.find(`the bundle of ${sitting_id} cannot be read: ${String(failure)}`)
    }
  }
  say(`${bundles.size} bundles exported`)
  return bundles
}

function originsOf(nodes: ServerNode[]): string[] {
  return nodes.map(({ port }) => `http://127.0.0.1:${port}`)
}
