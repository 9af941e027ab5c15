import { describe, expect, it } from 'vitest'
import { SEGMENT_BYTES_MAX, split } from './split'
import { slice } from './testing/fake-recorder'

describe('a slice is cut into segments', () => {
  it('of at most 256 KiB, with nothing lost', () => {
    const whole = slice(2 * SEGMENT_BYTES_MAX + 1, 1)
    const segments = split(whole)
    expect(segments.map(({ length }) => length)).toEqual([SEGMENT_BYTES_MAX, SEGMENT_BYTES_MAX, 1])
    expect(Buffer.concat(segments).equals(whole)).toBe(true)
  })

  it('stays one segment at exactly the limit', () => {
    expect(split(slice(SEGMENT_BYTES_MAX, 1))).toHaveLength(1)
  })

  it('gives none when it is empty', () => {
    expect(split(new Uint8Array())).toEqual([])
  })
})
