// A development server's stand-in for the API: seeded candidates, exams and sittings in memory.
import type { Plugin } from 'vite'

export function mockServer(): Plugin {
  return { name: 'yikao-mock' }
}
