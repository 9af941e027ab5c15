import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { lookWithin } from './face-within'

const PICTURE = new Blob(['jpeg'])

function looking(send: () => Promise<unknown>, behind_ms = () => 0) {
  const sent = vi.fn(send)
  const end = lookWithin({ every_ms: 60_000, behind_ms, picture: () => Promise.resolve(PICTURE), send: sent })
  return { sent, end }
}

describe('pictures within a take', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('are sent at the span the exam asks for, and no more once the take is over', async () => {
    const { sent, end } = looking(() => Promise.resolve())
    await vi.advanceTimersByTimeAsync(29_000)
    expect(sent).toHaveBeenCalledTimes(0)
    await vi.advanceTimersByTimeAsync(62_000)
    expect(sent).toHaveBeenCalledTimes(2)
    end()
    await vi.advanceTimersByTimeAsync(600_000)
    expect(sent).toHaveBeenCalledTimes(2)
  })

  it('are left out while footage waits for the line', async () => {
    let behind = 30_000
    const { sent } = looking(() => Promise.resolve(), () => behind)
    await vi.advanceTimersByTimeAsync(100_000)
    expect(sent).toHaveBeenCalledTimes(0)
    behind = 1_000
    await vi.advanceTimersByTimeAsync(60_000)
    expect(sent).toHaveBeenCalledTimes(1)
  })

  it('go on after a line that broke or a server that is busy, and end where nobody may look', async () => {
    const broken = looking(() => Promise.reject(new TypeError('network')))
    const refused = looking(() => Promise.reject(Object.assign(new Error('consent'), { status: 403 })))
    await vi.advanceTimersByTimeAsync(200_000)
    expect(broken.sent.mock.calls.length).toBeGreaterThan(2)
    expect(refused.sent).toHaveBeenCalledTimes(1)
  })
})
