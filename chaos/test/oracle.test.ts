// The simulator is tried on a server that can be told what to do wrong: each wrong must show, in its
// own number, and nothing may show on an honest one.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Outcome } from '../src/scenario'
import { passes } from '../src/summary'
import { newFolder, PHONES, shortRun } from './short-run'
import { standIn } from './stand-in'
import type { Wrongs } from './stand-in-disk'

async function run(wrongs: Wrongs): Promise<Outcome> {
  const folder = newFolder()
  try {
    // Phones of a server that loses things wait in vain: they are not waited for.
    const calm_limit_ms = Object.keys(wrongs).length === 0 ? 30_000 : 3_000
    const installation = await standIn(PHONES, wrongs)
    return await shortRun({ installation, folder: folder.path, all_submit_twice: wrongs.double_submit === true, calm_limit_ms })
  } finally {
    folder.remove()
  }
}

test('nothing is wrong with a server that keeps its word', async () => {
  const outcome = await run({})
  assert.deepEqual([...outcome.details, ...outcome.findings], [])
  assert.ok(passes(outcome, 2 * PHONES, 4), `${outcome.takes} takes, ${outcome.kills} kills`)
})

test('a disk that skips syncs loses segments', async () => {
  assert.ok((await run({ skip_sync: true })).lost_segments > 0)
})

test('an answer before the sync loses segments', async () => {
  assert.ok((await run({ ack_early: true })).lost_segments > 0)
})

test('a second submission is counted, and nothing else', async () => {
  const { double_submissions, lost_segments, damaged } = await run({ double_submit: true })
  assert.ok(double_submissions > 0)
  assert.deepEqual({ lost_segments, damaged }, { lost_segments: 0, damaged: 0 })
})

test('a segment left out of the bundle is lost', async () => {
  assert.ok((await run({ export_drops: 3 })).lost_segments > 0)
})

test('a bit turned in the bundle is damage, and no loss', async () => {
  const { damaged, lost_segments } = await run({ export_flips: 2 })
  assert.ok(damaged > 0)
  assert.equal(lost_segments, 0)
})

test('an acknowledgement of another hash is damage', async () => {
  assert.ok((await run({ pulse_head: true })).damaged > 0)
})

test('an acknowledgement that somebody else signed is damage', async () => {
  assert.ok((await run({ pulse_signature: true })).damaged > 0)
})

test('an acknowledged seal that is forgotten is damage', async () => {
  assert.ok((await run({ forgets_seals: true })).damaged > 0)
})

test('a clock that is ahead is found', async () => {
  const outcome = await run({ clock_ahead_ms: 3_000 })
  assert.match(outcome.findings.join('\n'), /in the future/)
  assert.equal(passes(outcome, 0, 0), false)
})
