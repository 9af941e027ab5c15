// Kills servers at random moments and starts them again; after each start, an auditor asks directly
// whether what was acknowledged before is still there.
import { setTimeout as pause } from 'node:timers/promises'
import type { Dice } from './chance'
import type { ServerNode } from './installation'
import type { Ledger } from './ledger'

export interface KillerOptions {
  nodes: ServerNode[]
  ledger: Ledger
  dice: Dice
  every_ms: [number, number]
}

/** How long a server stays down, in ms. */
const DOWN_MS: [number, number] = [0, 1_200]
/** What was acknowledged this long before a kill is asked for after it, in ms. */
const AUDITED_MS = 3_000

export class Killer {
  kills = 0
  audits = 0
  readonly #with: KillerOptions

  constructor(options: KillerOptions) {
    this.#with = options
  }

  /** Kills this many times, one node at a time or all at once. */
  async kill(times: number): Promise<void> {
    const { dice, every_ms, nodes } = this.#with
    const last = this.kills + times
    while (this.kills < last) {
      await pause(dice.between(...every_ms))
      const struck = dice.happens(0.25) ? nodes.slice(0, last - this.kills) : [dice.pick(nodes)]
      await this.#strike(struck)
    }
  }

  /** All nodes at once, when nothing is under way any more. */
  powerCut(): Promise<void> {
    return this.#strike(this.#with.nodes)
  }

  async #strike(struck: ServerNode[]): Promise<void> {
    const { dice, ledger } = this.#with
    const since = Date.now() - AUDITED_MS
    await Promise.all(
      struck.map(async (node) => {
        await node.kill()
        this.kills += 1
        await pause(dice.between(...DOWN_MS))
        await node.start()
        await Promise.all(ledger.acknowledgedSince(since).map((part) => this.#audit(node, part)))
      }),
    )
  }

  async #audit(node: ServerNode, { part_id, last }: { part_id: string; last: number }): Promise<void> {
    const { ledger } = this.#with
    const promised = ledger.promises(part_id)
    const Authorization = `Bearer ${ledger.grants.get(part_id)?.capability ?? ''}`
    const url = `http://127.0.0.1:${node.port}/api/parts/${part_id}/missing?last=${last}`
    try {
      const response = await fetch(url, { headers: { Authorization } })
      const body = (await response.json()) as { received: [number, number][] }
      if (!response.ok) return
      this.audits += 1
      ledger.reported(part_id, promised, body.received, last)
    } catch {
      // Killed again meanwhile, or busy: the phone asks, too.
    }
  }
}
