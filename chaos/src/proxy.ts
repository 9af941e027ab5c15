// A TCP line to one server that breaks: each connection may be given a number of bytes after which
// it is cut, mostly in the middle of a segment or of an answer.
import { connect, createServer, type Server, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import type { Dice } from './chance'

/** Probability that a connection will be cut, and after how many bytes. */
export interface Cuts {
  probability: number
  upstream_bytes: [number, number]
  downstream_bytes: [number, number]
}

export const CUTTING: Readonly<Cuts> = { probability: 0.85, upstream_bytes: [200, 300_000], downstream_bytes: [50, 20_000] }

export class Proxy {
  cuts = 0
  readonly #sockets = new Set<Socket>()
  readonly #server: Server

  private constructor(
    private readonly target_port: number,
    private readonly trouble: Cuts,
    private readonly dice: Dice,
  ) {
    this.#server = createServer((client) => this.#carry(client))
  }

  static async open(target_port: number, trouble: Cuts, dice: Dice): Promise<Proxy> {
    const proxy = new Proxy(target_port, trouble, dice)
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve))
    return proxy
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  close(): void {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
  }

  #carry(client: Socket): void {
    const server = connect(this.target_port, '127.0.0.1')
    const cut = () => {
      client.destroy()
      server.destroy()
    }
    for (const socket of [client, server]) {
      this.#sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', cut)
      socket.on('close', () => {
        this.#sockets.delete(socket)
        cut()
      })
    }
    const fated = this.dice.happens(this.trouble.probability)
    const upwards = fated && this.dice.happens(0.7)
    this.#pipe(client, server, upwards ? this.dice.between(...this.trouble.upstream_bytes) : Infinity, cut)
    this.#pipe(server, client, fated && !upwards ? this.dice.between(...this.trouble.downstream_bytes) : Infinity, cut)
  }

  #pipe(from: Socket, to: Socket, allowance: number, cut: () => void): void {
    let left = allowance
    from.on('data', (bytes) => {
      if (left > bytes.length) {
        left -= bytes.length
        if (!to.write(bytes)) from.pause()
        return
      }
      this.cuts += 1
      if (left > 0) to.write(bytes.subarray(0, left), cut)
      else cut()
    })
    to.on('drain', () => from.resume())
    from.on('end', () => to.end())
  }
}
