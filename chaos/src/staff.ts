// The school's staff member who exports what the oracle looks at, on a line without faults.
import { setTimeout as pause } from 'node:timers/promises'
import type { Keys } from './chain'
import type { Account } from './installation'

export class Staff {
  #cookie = ''

  private constructor(private readonly origins: string[]) {}

  static async signIn(origins: string[], { phone, password }: Account): Promise<Staff> {
    const staff = new Staff(origins)
    const headers = { 'Content-Type': 'application/json', 'Yikao-Client': 'web' }
    const response = await fetch(`${staff.#origin}/api/logins`, { method: 'POST', headers, body: JSON.stringify({ account: phone, password }) })
    if (!response.ok) throw new Error(`staff cannot sign in: ${response.status} ${await response.text()}`)
    staff.#cookie = response.headers.getSetCookie().map((cookie) => cookie.split(';')[0]).join('; ')
    return staff
  }

  async keys(): Promise<Keys> {
    const { keys } = (await (await this.#get('/api/server')).json()) as { keys: { kid: string; public_key: string }[] }
    return new Map(keys.map(({ kid, public_key }) => [kid, public_key]))
  }

  /** Asks until there is one or the deadline is over. */
  async bundle(sitting_id: string, deadline: number): Promise<Buffer> {
    for (;;) {
      try {
        const response = await this.#get(`/api/console/sittings/${sitting_id}/bundle`)
        if (response.ok) return Buffer.from(await response.arrayBuffer())
        throw new Error(`${response.status} ${await response.text()}`)
      } catch (failure) {
        if (Date.now() > deadline) throw failure
      }
      await pause(500)
    }
  }

  get #origin(): string {
    return this.origins[0] ?? ''
  }

  #get(path: string): Promise<Response> {
    return fetch(this.#origin + path, { headers: { cookie: this.#cookie, 'Accept-Language': 'en' } })
  }
}
