// The seal chain and the server's signatures, computed anew from the specification: nothing of the
// product's own code is used, so that a mistake there cannot hide itself.
import { createHash, createPublicKey, verify } from 'node:crypto'

export interface Binding {
  part_id: string
  sitting_id: string
  owner_kind: number
  owner_id: string
}

export interface Signed {
  kid: string
  payload: string
  signature: string
}

/** Public keys by `kid`, as `GET /api/server` lists them. */
export type Keys = ReadonlyMap<string, string>

export function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** h[0] … h[n] in hex, for segments of these digests and lengths. */
export function chainOf(binding: Binding, segments: readonly { digest: string; length: number }[]): string[] {
  const start = createHash('sha256')
    .update('yikao-seal-1')
    .update(uuid(binding.sitting_id))
    .update(Buffer.from([binding.owner_kind]))
    .update(uuid(binding.owner_id))
    .update(uuid(binding.part_id))
  const heads = [start.digest()]
  for (const [at, { digest, length }] of segments.entries()) {
    const numbers = Buffer.alloc(16)
    numbers.writeBigUInt64BE(BigInt(at + 1), 0)
    numbers.writeBigUInt64BE(BigInt(length), 8)
    const next = createHash('sha256').update(heads[at] ?? '').update(numbers).update(Buffer.from(digest, 'hex'))
    heads.push(next.digest())
  }
  return heads.map((head) => head.toString('hex'))
}

/** Whether the server said this: Ed25519 over "yikao-signed-1\n" and the exact payload. */
export function isSigned(signed: Signed, keys: Keys): boolean {
  const key = keys.get(signed.kid)
  if (key === undefined) return false
  const x = Buffer.from(key, 'base64url').toString('base64url')
  try {
    const public_key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
    const said = Buffer.from(`yikao-signed-1\n${signed.payload}`)
    return verify(null, said, public_key, Buffer.from(signed.signature, 'base64url'))
  } catch {
    return false
  }
}

function uuid(text: string): Buffer {
  return Buffer.from(text.replaceAll('-', ''), 'hex')
}
