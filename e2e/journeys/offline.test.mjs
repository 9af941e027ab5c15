// The network goes in mid-take. Recording goes on, the phone says where the footage is, and all of it arrives.
import { offlineInMidTake } from '../lib/offline.mjs'
import { test } from 'node:test'

test('twenty seconds without a network cost nothing', { timeout: 240_000 }, () => offlineInMidTake({ seconds: 20 }))
