// A minute without a network, and the candidate finishes before it is back.
import { offlineInMidTake } from '../lib/offline.mjs'
import { test } from 'node:test'

test('a minute without a network costs nothing', { timeout: 400_000 }, () => offlineInMidTake({ seconds: 60 }))

test('a take that is finished without a network arrives when it is back', { timeout: 400_000 }, () =>
  offlineInMidTake({ seconds: 20, finishOffline: true }))
