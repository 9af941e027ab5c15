// The seal chain: each segment's hash covers all before it, and the first covers what the part
// belongs to, so that footage cannot be exchanged, reordered or moved to another take.
//
//   h[0] = SHA-256("yikao-seal-1" ‖ sitting ‖ owner kind ‖ owner ‖ part)
//   h[i] = SHA-256(h[i-1] ‖ u64be(i) ‖ u64be(length) ‖ SHA-256(bytes)),  i from 1
import { concat, fromHex, toHex, uuidBytes } from './hex'
import type { PartBinding } from './types'

const FORMAT = 'yikao-seal-1'

export async function sha256(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', bytes as BufferSource))
}

/** h[0] in hex: binds a chain to its format, sitting, owner and part. */
export async function chainStart(binding: PartBinding): Promise<string> {
  return toHex(
    await sha256(
      concat(
        new TextEncoder().encode(FORMAT),
        uuidBytes(binding.sitting_id),
        Uint8Array.of(binding.owner_kind),
        uuidBytes(binding.owner_id),
        uuidBytes(binding.part_id),
      ),
    ),
  )
}

/** The digest of `bytes` and h[index], both in hex, for the segment after `previous_head`. */
export async function seal(
  previous_head: string,
  index: number,
  bytes: Uint8Array,
): Promise<{ digest: string; head: string }> {
  const digest = await sha256(bytes)
  const head = await sha256(concat(fromHex(previous_head), u64be(index), u64be(bytes.length), digest))
  return { digest: toHex(digest), head: toHex(head) }
}

function u64be(value: number): Uint8Array {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`not a count: ${value}`)
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value))
  return bytes
}
