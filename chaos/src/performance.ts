// One take as it really goes: in place, beep, playing, perhaps the camera is taken away or the app
// killed, on in a new part, and stop.
import { Take, type TakePlan, type TakeRecord, type RecordingKit } from '../../web/src/recording'
import type { SittingView } from './api'
import { Camera, type CameraOptions } from './camera'
import type { Dice } from './chance'
import type { Life } from './life'

export interface PerformanceOptions {
  life: Life
  kit: RecordingKit<SittingView>
  dice: Dice
  camera: CameraOptions
  /** The app is killed somewhere in it. */
  killed: boolean
  find: (text: string) => void
}

type State = Take['state']

export class Performance {
  readonly #with: PerformanceOptions
  #camera: Camera
  #interruptions_left: number

  constructor(options: PerformanceOptions) {
    this.#with = options
    this.#camera = new Camera(options.camera)
    this.#interruptions_left = options.dice.pick([0, 0, 0, 1, 1, 2])
    if (options.killed) setTimeout(() => void options.life.kill(), options.dice.between(0, 1_500))
  }

  async begin(plan: TakePlan): Promise<void> {
    await this.#play(Take.begin(this.#with.kit, plan, this.#camera.source))
  }

  async goOn(record: TakeRecord): Promise<State> {
    return await this.#play(await this.#with.life.during(Take.restore(this.#with.kit, record)))
  }

  async #play(take: Take<SittingView>): Promise<State> {
    const { life, find } = this.#with
    this.#camera.take = take
    for (;;) {
      const state = await this.#next(take, ['positioning', 'recording', 'interrupted', 'finished', 'lost', 'failed'])
      if (state.name === 'positioning') take.inPlace()
      if (state.name === 'positioning') await this.#next(take, ['recording', 'interrupted', 'finished', 'lost', 'failed'])
      if (state.name === 'recording') await this.#record(take)
      if (state.name === 'interrupted') await this.#resume(take)
      if (state.name === 'failed' && state.cause !== 'take.not_started') find(`a take failed: ${state.cause}`)
      if (state.name === 'lost') find(`a take was lost: ${state.cause}`)
      if (['finished', 'failed', 'lost'].includes(state.name)) return state
      await life.pause(0)
    }
  }

  async #record(take: Take<SittingView>): Promise<void> {
    const { dice, life } = this.#with
    if (this.#interruptions_left > 0) {
      this.#interruptions_left -= 1
      await life.during(Promise.race([this.#camera.recorded(dice.between(1, 6)), this.#ended(take)]))
      this.#camera.takenAway()
      await this.#next(take, ['interrupted', 'finished', 'lost', 'failed'])
      return
    }
    await life.during(Promise.race([this.#camera.recorded(dice.between(4, 14)), this.#ended(take)]))
    await life.during(take.stop())
  }

  async #resume(take: Take<SittingView>): Promise<void> {
    const { camera, life, find } = this.#with
    const reason = take.state.name === 'interrupted' && take.state.act === 'reload' ? 'reload' : 'recorder_restarted'
    this.#camera = new Camera(camera)
    this.#camera.take = take
    try {
      await life.during(take.resume(this.#camera.source, reason))
    } catch (failure) {
      if (!life.alive) throw failure
      find(`a take could not be resumed: ${String(failure)}`)
      await life.during(take.stop())
    }
  }

  #ended(take: Take<SittingView>): Promise<State> {
    return this.#next(take, ['interrupted', 'finished', 'lost', 'failed'])
  }

  /** Resolves when the take is in one of these states. */
  #next(take: Take<SittingView>, names: State['name'][]): Promise<State> {
    const reached = new Promise<State>((resolve) => {
      if (names.includes(take.state.name)) return resolve(take.state)
      const off = take.on('state', (state) => {
        if (!names.includes(state.name)) return
        off()
        resolve(state)
      })
    })
    return this.#with.life.during(reached)
  }
}
