// What a run is made against: an installation of one or more nodes that can be killed, and the exam,
// the candidates and the staff member it was seeded with.
export interface ServerNode {
  readonly name: string
  /** Where the node listens; the same after every start. */
  readonly port: number
  /** Resolves when the node answers. */
  start(): Promise<void>
  /** SIGKILL, or what comes nearest to it. */
  kill(): Promise<void>
}

export interface Account {
  phone: string
  password: string
}

export interface Seed {
  staff: Account
  candidates: Account[]
  exam: string
  major: string
  session: string
  subjects: string[]
}

export interface Installation {
  nodes: ServerNode[]
  seed: Seed
  /** Ends everything that was started. */
  stop(): Promise<void>
}
