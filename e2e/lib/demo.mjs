// A server with its demo: who there is, and a folder for what a journey keeps.
import { mkdtempSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { closeBrowsers } from './browser.mjs'
import { Client, RunningServer, Server } from './server.mjs'

/** The data folder of what `make run` started: where it is named, journeys go there instead of starting servers. */
const RUNNING = process.env.YIKAO_RUNNING

/** Starts a server for a journey; `end` ends it and every browser that is still open. */
export async function startDemo(options) {
  const server = RUNNING === undefined ? await Server.start(options) : new RunningServer(RUNNING)
  const demo = JSON.parse(await readFile(join(server.data, 'demo.json'), 'utf8'))
  const folder = mkdtempSync(join(tmpdir(), 'yikao-journey-'))
  const of = (role) => demo.accounts.filter((account) => account.role === role)
  return {
    server,
    address: server.address,
    exam: demo.exam,
    folder,
    candidates: of('candidate'),
    staff: (role) => of(role)[0],
    /** Somebody of the staff, signed in to the API. */
    async as(role) {
      const { phone, password } = of(role)[0]
      return new Client(server.address).signIn(phone, password)
    },
    async end() {
      await closeBrowsers()
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
