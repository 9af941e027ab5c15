// The oracle's own chain against answers computed elsewhere from the published formula.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chainOf, digestOf } from '../src/chain'

const uuid = (from: number) => Buffer.from(Array.from({ length: 16 }, (_, at) => from + at)).toString('hex')

test('the chain binds the part and all segments so far', () => {
  const binding = { sitting_id: uuid(0), owner_kind: 1, owner_id: uuid(16), part_id: uuid(32) }
  const segments = [Buffer.from('first'), Buffer.alloc(0), Buffer.alloc(262_144, 'a')]
  const heads = chainOf(binding, segments.map((bytes) => ({ digest: digestOf(bytes), length: bytes.length })))
  assert.deepEqual(heads, [
    '2ab7c654d02cdb6e500f13e91c548b788a3b69fd3c9536920fceb6eb3a0d7eb7',
    '2c19cc93040640d8eb986b34ddf4080d7f9ad96a27b055b60bdc0657a730f1c5',
    '13b118182408bb5b26bf42951912fe511c253e9cb4202e7e17a632118f366ca2',
    'b786de2fdd629d2936484262136635a7a8407be15c8580a2bf47d7ab6cdf9732',
  ])
})
