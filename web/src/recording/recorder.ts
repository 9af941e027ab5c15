// One run of a MediaRecorder = one part. Slices go to the part's writer in the order they come;
// nothing here waits for the network. Whatever interrupts the recording is observed and told at once.
import type { Clock, Locks, Page } from './environment'
import { Emitter } from './events'
import { recorderOptions, type RecorderOptions } from './mime'
import { PartWriter } from './part-writer'
import type { LivePart, Pulse } from './pulse'
import type { NewPart, SegmentStore, StorageFailure } from './segment-store'
import type { FinishedPart, InterruptionAct, MediaProfile, PartRecord, RecorderState } from './types'
import type { Uploader } from './uploader'

/** The part of MediaRecorder that is used. */
export interface MediaRecorderLike {
  readonly state: 'inactive' | 'recording' | 'paused'
  start(timeslice: number): void
  stop(): void
  requestData(): void
  addEventListener(name: 'start' | 'stop' | 'error', listener: (event: Event) => void): void
  addEventListener(name: 'dataavailable', listener: (event: { data: Blob }) => void): void
}

/** The part of MediaStream that is used. */
export interface StreamLike {
  getTracks(): TrackLike[]
}

export interface TrackLike {
  readonly kind: string
  addEventListener(name: 'ended' | 'mute' | 'unmute', listener: () => void): void
  removeEventListener(name: 'ended' | 'mute' | 'unmute', listener: () => void): void
}

export type CreateRecorder = (stream: StreamLike, options: RecorderOptions) => MediaRecorderLike

export interface RecorderEnvironment {
  store: SegmentStore
  uploader: Uploader
  pulse: Pick<Pulse, 'follow'>
  clock: Clock
  page: Page
  locks: Locks
  createRecorder: CreateRecorder
}

export interface RecorderEvents {
  /** Captured time counts from the start of the take. */
  interruption: { act: InterruptionAct; began_at_captured_ms: number }
  interruption_over: { act: InterruptionAct; began_at_captured_ms: number; lasted_ms: number }
  storage: { failure: StorageFailure | null; held_bytes: number }
  /** The recorder ended by itself; what it gave is safe, a new part is needed to go on. */
  died: { act: InterruptionAct; part: FinishedPart }
}

export const browserRecorder: CreateRecorder = (stream, options) =>
  new MediaRecorder(stream as unknown as MediaStream, options) as unknown as MediaRecorderLike

/** Held while a part is being recorded, so that no other tab takes it for one a kill left open. */
export const partLock = (part_id: string) => `yikao-part-${part_id}`

/**
 * Shorter than the second from key frame to key frame: Chromium's MP4 comes in whole fragments, and a recorder asked
 * for a slice a second would now and then hold one back until the next is done, twice what a kill may cost.
 */
const SLICE_MS = 500
/** A recorder that has not started or stopped by then never will. */
const PATIENCE_MS = 5_000

export class PartRecorder extends Emitter<RecorderEvents> {
  /** What pulses say this camera is doing; the take moves it on. */
  phase: RecorderState = 'preparing'
  readonly #with: RecorderEnvironment
  readonly #stream: StreamLike
  readonly #recorder: MediaRecorderLike
  #writer!: PartWriter
  #started_at: number | null = null
  #captured_ms = 0
  readonly #ongoing = new Map<InterruptionAct, { began_at: number; began_at_captured_ms: number }>()
  readonly #undo: (() => void)[] = []
  #stopping: Promise<FinishedPart> | null = null
  #slice_failed = false
  #stopped = false
  #flushed = false

  private constructor(environment: RecorderEnvironment, stream: StreamLike, profile: MediaProfile, mime: string) {
    super()
    this.#with = environment
    this.#stream = stream
    this.#recorder = environment.createRecorder(stream, recorderOptions(profile, mime))
  }

  /** Opens the part on the phone and resolves once the recorder really runs; rejects when it does not. */
  static async start(
    environment: RecorderEnvironment,
    stream: StreamLike,
    profile: MediaProfile,
    part: Omit<NewPart, 'head'>,
  ): Promise<PartRecorder> {
    const recorder = new PartRecorder(environment, stream, profile, part.mime)
    await recorder.#run(part)
    return recorder
  }

  get part(): PartRecord {
    return this.#writer.part
  }

  /** Captured milliseconds of this part so far. */
  captured_ms(): number {
    if (this.#started_at === null) return 0
    return this.#stopping === null ? this.#now() - this.#started_at : this.#captured_ms
  }

  /** Flushes; resolves with the final index and head. Called again, it gives the same answer. */
  stop(): Promise<FinishedPart> {
    this.#stopping ??= this.#flush()
    return this.#stopping
  }

  async #run(part: Omit<NewPart, 'head'>): Promise<void> {
    const { store, uploader, clock, locks, page, pulse } = this.#with
    this.#undo.push((await locks.tryHold(partLock(part.part_id))) ?? (() => {}))
    const onStorage = (failure: StorageFailure | null, held_bytes: number) => this.emit('storage', { failure, held_bytes })
    this.#writer = await PartWriter.open({ store, uploader, clock, onStorage }, part)
    this.#recorder.addEventListener('dataavailable', ({ data }) => this.#slice(data))
    this.#recorder.addEventListener('error', () => this.#die('recorder_error'))
    this.#recorder.addEventListener('stop', () => {
      this.#stopped = true
      this.#die('recorder_error')
    })
    try {
      await this.#begun()
    } catch (failure) {
      await this.stop()
      throw failure
    }
    this.#undo.push(pulse.follow(part.part_id, () => this.#live()), page.subscribe((event) => this.#page(event)))
    for (const track of this.#stream.getTracks()) this.#watch(track)
  }

  async #begun(): Promise<void> {
    const begun = this.#within(PATIENCE_MS, (resolve) => this.#recorder.addEventListener('start', () => resolve(true)))
    this.#recorder.start(SLICE_MS)
    if ((await begun) === null) throw new Error('the recorder did not start')
    this.#started_at ??= this.#now()
  }

  #slice(data: Blob): void {
    if (this.#flushed) return
    this.#started_at ??= this.#now()
    const from = this.#captured_ms
    this.#captured_ms = Math.max(from, Math.round(this.#now() - this.#started_at))
    this.#writer.write(data, from, this.#captured_ms).catch((failure: unknown) => {
      // A slice that cannot even be read leaves a hole nothing after it can fill.
      console.error('slice lost', failure)
      this.#slice_failed = true
      this.#die('recorder_error')
    })
  }

  async #flush(): Promise<FinishedPart> {
    // After an error or the end of its tracks it is inactive at once, and its last slice still to come.
    if (!this.#stopped && (this.#started_at !== null || this.#recorder.state !== 'inactive')) {
      const stopped = this.#within(PATIENCE_MS, (resolve) => this.#recorder.addEventListener('stop', () => resolve(true)))
      if (this.#recorder.state !== 'inactive') this.#recorder.stop()
      await stopped
    }
    this.#flushed = true
    if (this.phase !== 'failed') this.phase = 'stopped'
    const finished = await this.#writer.end()
    for (const undo of this.#undo.splice(0)) undo()
    return finished
  }

  // Before `stop` was asked for: the recorder or a track ended by itself.
  #die(act: InterruptionAct): void {
    if (this.#stopping !== null || (this.#started_at === null && !this.#slice_failed)) return
    this.phase = 'failed'
    const began_at_captured_ms = this.#takeTime()
    this.emit('interruption', { act, began_at_captured_ms })
    void this.stop().then((part) => this.emit('died', { act, part }))
  }

  #watch(track: TrackLike): void {
    const act = track.kind === 'audio' ? 'call' : 'track_ended'
    const listeners = {
      ended: () => this.#die('track_ended'),
      // A hidden page's camera is muted by the phone: that is the same act, told already.
      mute: () => this.#with.page.visibility() === 'visible' && this.#interrupted(act),
      unmute: () => this.#over(act),
    }
    for (const name of ['ended', 'mute', 'unmute'] as const) {
      track.addEventListener(name, listeners[name])
      this.#undo.push(() => track.removeEventListener(name, listeners[name]))
    }
  }

  #page(event: 'hidden' | 'visible' | 'pagehide'): void {
    if (event === 'visible') {
      this.#over('left_page')
      this.#over('reload')
      return
    }
    if (this.#recorder.state === 'recording') this.#recorder.requestData()
    if (this.#ongoing.size === 0) this.#interrupted(event === 'pagehide' ? 'reload' : 'left_page')
  }

  #interrupted(act: InterruptionAct): void {
    if (this.#stopping !== null || this.#ongoing.has(act)) return
    const began_at_captured_ms = this.#takeTime()
    this.#ongoing.set(act, { began_at: this.#now(), began_at_captured_ms })
    this.emit('interruption', { act, began_at_captured_ms })
  }

  #over(act: InterruptionAct): void {
    const ongoing = this.#ongoing.get(act)
    if (ongoing === undefined) return
    this.#ongoing.delete(act)
    const { began_at, began_at_captured_ms } = ongoing
    this.emit('interruption_over', { act, began_at_captured_ms, lasted_ms: Math.round(this.#now() - began_at) })
  }

  #live(): LivePart {
    return { recorder: this.phase, captured_ms: Math.round(this.captured_ms()) }
  }

  #takeTime(): number {
    return Math.round(this.part.started_captured_ms + this.captured_ms())
  }

  #within(patience_ms: number, wait: (resolve: (done: true) => void) => void): Promise<true | null> {
    const { clock } = this.#with
    return new Promise((resolve) => {
      const timer = clock.setTimeout(() => resolve(null), patience_ms)
      wait((done) => {
        clock.clearTimeout(timer)
        resolve(done)
      })
    })
  }

  #now(): number {
    return this.#with.clock.now()
  }
}
