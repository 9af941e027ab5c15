// A camera whose picture is a packaged photo that moves its head as the page asks, or does not.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const PHOTOS = join(import.meta.dirname, '../../.cache/test-pictures')

/** Where the face is in a photo drawn at `width`: the middle of the eyes, the nose, the eyes' distance. */
const FACES = { 'obama2.jpg': { width: 480, eyes: { x: 238, y: 288 }, nose: { x: 228, y: 345 }, apart: 93 } }

/** Replaces the camera of `page` by a photo; one that `follows` does what the page shows, once it is told to. */
export async function photoCamera(page, address, name, follows = true) {
  let shown = name
  const asked = new Set()
  await page.exposeFunction('noteAsked', (what) => void asked.add(what))
  await page.route(`${address}/camera.jpg?*`, (route) => route.fulfill({ contentType: 'image/jpeg', body: photo(shown) }))
  await page.addInitScript(install, { face: FACES[name], follows })
  return {
    /** What the pages have asked the phone for: `camera`, `microphone`, `storage`. */
    asked,
    /** From now on it does what the page shows. */
    follow: () => page.evaluate(() => void (window.cameraFollows = true)),
    /** Somebody else steps in front of the camera. */
    async show(other) {
      shown = other
      await page.evaluate(() => window.loadCamera())
      // The stream's next frames show them.
      await page.waitForTimeout(1_000)
    },
  }
}

export const photo = (name) => readFileSync(join(PHOTOS, name))
export const photoPath = (name) => join(PHOTOS, name)

/** Runs in the page. */
function install({ face, follows }) {
  const canvas = document.createElement('canvas')
  let still = null
  let nth = 0
  let drawing = null
  const later = window.setTimeout.bind(window)
  const isStill = () => !window.cameraFollows && document.querySelector('[data-testid="face-camera"][data-begun="true"]') !== null
  window.setTimeout = (run, ms, ...more) => later(run, isStill() ? Math.min(ms, 20) : ms, ...more)
  window.cameraFollows = follows

  async function load() {
    const image = new Image()
    image.src = `/camera.jpg?${Date.now()}`
    await image.decode()
    canvas.width = face.width
    canvas.height = Math.round((image.height / image.width) * face.width)
    const pen = canvas.getContext('2d', { willReadFrequently: true })
    pen.drawImage(image, 0, 0, canvas.width, canvas.height)
    still = pen.getImageData(0, 0, canvas.width, canvas.height)
    if (drawing === null) again(pen)
  }

  /** A still needs no time to move: its pictures come as fast as the page takes them. */
  function again(pen) {
    draw(pen)
    drawing = later(() => again(pen), window.cameraFollows ? 200 : 50)
  }

  /** From where in the photo a place in the picture is taken. */
  function from(motion, x, y) {
    const { nose, eyes, apart } = face
    if (motion === 'turn_left' || motion === 'turn_right') {
      const share = motion === 'turn_left' ? 0.35 : -0.35
      const far = (((x - nose.x) / (0.35 * apart)) ** 2 + ((y - nose.y) / (0.35 * apart)) ** 2) / 2
      return [x - share * apart * Math.exp(-far), y]
    }
    const times = motion === 'closer' ? 1.3 : 1
    const angle = motion === 'tilt' ? (15 * Math.PI) / 180 : 0
    const [u, v] = [(x - eyes.x) / times, (y - eyes.y) / times]
    return [eyes.x + u * Math.cos(angle) + v * Math.sin(angle), eyes.y - u * Math.sin(angle) + v * Math.cos(angle)]
  }

  function draw(pen) {
    const motion = window.cameraFollows ? (document.querySelector('[data-testid="face-camera"]')?.dataset.motion ?? 'straight') : 'straight'
    const { width, height, data } = still
    const next = motion === 'straight' ? new ImageData(data.slice(), width, height) : moved(pen, motion)
    nth += 1
    next.data.set([nth % 256, (nth >> 8) % 256, 255, 255], (nth % width) * 4)
    pen.putImageData(next, 0, 0)
  }

  function moved(pen, motion) {
    const { width, height, data } = still
    const next = pen.createImageData(width, height)
    const inside = (at, most) => Math.min(most - 1, Math.max(0, Math.round(at)))
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        const [u, v] = from(motion, x, y)
        const there = (inside(v, height) * width + inside(u, width)) * 4
        next.data.set(data.subarray(there, there + 4), (y * width + x) * 4)
      }
    }
    return next
  }

  const persist = StorageManager.prototype.persist
  StorageManager.prototype.persist = function () {
    window.noteAsked('storage')
    return persist.call(this)
  }
  window.loadCamera = load
  const ready = load()
  // A page without a camera does not wait for it.
  ready.catch(() => undefined)
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    await ready
    for (const [what, name] of [['video', 'camera'], ['audio', 'microphone']]) if (wanted?.[what]) window.noteAsked(name)
    const stream = canvas.captureStream(20)
    if (wanted?.audio) {
      const context = new AudioContext()
      const tone = context.createOscillator()
      const sink = context.createMediaStreamDestination()
      tone.connect(sink)
      tone.start()
      stream.addTrack(sink.stream.getAudioTracks()[0])
    }
    return stream
  }
}
