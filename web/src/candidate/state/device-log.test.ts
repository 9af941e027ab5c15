// @vitest-environment node
import { expect, test, vi } from 'vitest'
import { deviceLog, note } from './device-log'

test('the log keeps the last lines, each short', () => {
  vi.stubGlobal('window', { screen: { width: 390, height: 844 } })
  vi.stubGlobal('navigator', { userAgent: 'a phone', language: 'zh-CN', onLine: true })
  for (let n = 0; n < 300; n += 1) note(`page ${n} ${'x'.repeat(500)}`)
  const lines = deviceLog().split('\n')
  expect(lines.slice(0, 4)).toEqual(['a phone', '390×844', 'zh-CN', 'online'])
  expect(lines).toHaveLength(204)
  expect(lines[4]).toContain('page 100')
  expect(lines.every((line) => line.length <= 300)).toBe(true)
  vi.unstubAllGlobals()
})
