// Chance that can be repeated: every decision of a run follows from its seed. What the machine adds
// (which request is answered first) does not repeat.

export class Dice {
  #state: number

  constructor(readonly seed: string) {
    this.#state = hash(seed)
  }

  /** Dice of its own for a part of the run: what one phone does never shifts another's luck. */
  fork(name: string): Dice {
    return new Dice(`${this.seed}/${name}`)
  }

  /** In [0, 1). */
  fraction(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }

  /** A whole number, both ends included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.fraction() * (most - least + 1))
  }

  happens(probability: number): boolean {
    return this.fraction() < probability
  }

  pick<T>(choices: readonly T[]): T {
    const chosen = choices[Math.floor(this.fraction() * choices.length)]
    if (chosen === undefined) throw new RangeError('nothing to pick from')
    return chosen
  }

  bytes(count: number): Uint8Array {
    const bytes = Buffer.alloc(count)
    for (let at = 0; at < count; at += 4) {
      const word = Math.floor(this.fraction() * 4_294_967_296)
      for (let byte = 0; byte < 4 && at + byte < count; byte += 1) bytes[at + byte] = word >>> (8 * byte)
    }
    return bytes
  }

  uuid(): string {
    const bytes = this.bytes(16)
    bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
    bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
    const hex = Buffer.from(bytes).toString('hex')
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
  }
}

function hash(text: string): number {
  let state = 2_166_136_261
  for (const code of Buffer.from(text)) state = Math.imul(state ^ code, 16_777_619)
  state = Math.imul(state ^ (state >>> 16), 2_246_822_507)
  return state ^ (state >>> 13)
}
