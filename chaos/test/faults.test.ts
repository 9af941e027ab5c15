// The real server, built with its faults: a short run passes, and each planted fault makes one fail.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openInstallation, type Kind } from '../src/real'
import type { Outcome } from '../src/scenario'
import { passes } from '../src/summary'
import { newFolder, PHONES, shortRun } from './short-run'

async function run(kind: Kind, faults: string[]): Promise<Outcome> {
  const folder = newFolder()
  try {
    const installation = await openInstallation({ kind, folder: folder.path, candidates: PHONES, faults })
    const calm_limit_ms = faults.length === 0 ? 30_000 : 5_000
    return await shortRun({ installation, folder: folder.path, all_submit_twice: faults.includes('double-submit'), calm_limit_ms })
  } finally {
    folder.remove()
  }
}

test('one node on SQLite and local disk loses nothing in power cuts', async () => {
  const outcome = await run('disk', [])
  assert.deepEqual([...outcome.details, ...outcome.findings], [])
  assert.ok(passes(outcome, 2 * PHONES, 4), `${outcome.takes} takes, ${outcome.kills} kills`)
})

test('two nodes on PostgreSQL and S3 lose nothing when killed', async () => {
  const outcome = await run('shared', [])
  assert.deepEqual([...outcome.details, ...outcome.findings], [])
  assert.ok(passes(outcome, 2 * PHONES, 4), `${outcome.takes} takes, ${outcome.kills} kills`)
})

test('FAULT=skip-sync is noticed: segments are lost', async () => {
  assert.ok((await run('disk', ['skip-sync'])).lost_segments > 0)
})

test('FAULT=ack-early is noticed: segments are lost', async () => {
  assert.ok((await run('disk', ['ack-early'])).lost_segments > 0, 'no kill fell between an answer and its sync: does the planted fault leave time between them?')
})

test('FAULT=double-submit is noticed: subjects have two submissions', async () => {
  assert.ok((await run('disk', ['double-submit'])).double_submissions > 0)
})
