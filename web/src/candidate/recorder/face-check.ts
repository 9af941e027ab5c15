// The face check before a take (F4): one frame of the camera's picture, sent under an id of its own.
import { ref, shallowRef } from 'vue'
import { takes } from '@/api/candidate'
import { newCommandId } from '@/api/client'
import type { Refusal } from '@/api/types'
import { cameraFrames } from '../face/camera-frames'

const LONGEST = 800

/** One frame of the camera's picture as a JPEG. */
export async function frameOf(stream: MediaStream): Promise<Blob> {
  const frames = await cameraFrames(stream, LONGEST)
  try {
    return await frames.take()
  } finally {
    frames.close()
  }
}

export function useFaceCheck() {
  /** What the server says of the last check, where it was no plain pass. */
  const words = shallowRef<Refusal | null>(null)
  const error = shallowRef<unknown>(null)
  const busy = ref(false)
  /** Three failures in a row: back to the list (F5). */
  const struck = ref(false)

  /** The check with which a take may begin; null where it has to be made again, and `words` say why. */
  async function look(sitting: string, subject: string, stream: MediaStream): Promise<string | null> {
    busy.value = true
    error.value = null
    words.value = null
    try {
      const check = await takes.checkFace(sitting, subject, newCommandId(), await frameOf(stream))
      words.value = check.words
      struck.value = check.next.step === 'struck'
      return check.next.step === 'clear' ? check.id : null
    } catch (thrown) {
      error.value = thrown
      return null
    } finally {
      busy.value = false
    }
  }

  return { words, error, busy, struck, look }
}
