// What the recorder hands out, seen from outside of the page: it stays known when the browser is killed.

/** Follows every recorder of a context: per run of a recorder, its slices with their size and time. */
export async function watchSlices(context) {
  const runs = []
  await context.exposeBinding('__slice', (_source, { run, size, at }) => {
    runs[run] ??= []
    runs[run].push({ size, at })
  })
  const started = []
  await context.exposeBinding('__recorderStarted', (_source, { run, at }) => (started[run] = at))
  await context.addInitScript(() => {
    let runs = 0
    const Original = window.MediaRecorder
    window.MediaRecorder = class extends Original {
      constructor(...given) {
        super(...given)
        const run = runs++
        this.addEventListener('start', () => window.__recorderStarted({ run, at: Date.now() }))
        this.addEventListener('dataavailable', ({ data }) => data.size > 0 && window.__slice({ run, size: data.size, at: Date.now() }))
      }
    }
  })
  return { parts: () => runs, started_at: (run = 0) => started[run] }
}
