// Frames of the camera's picture as JPEGs, one at a time. Never mirrored: left and right are the person's own.
const QUALITY = 0.9

export interface CameraFrames {
  take(): Promise<Blob>
  close(): void
}

/** Reads frames of a stream, their longer side at most `longest` pixels. */
export async function cameraFrames(stream: MediaStream, longest: number): Promise<CameraFrames> {
  const video = document.createElement('video')
  video.muted = true
  video.playsInline = true
  video.srcObject = stream
  await video.play()
  const canvas = document.createElement('canvas')

  async function take(): Promise<Blob> {
    const shrink = Math.min(1, longest / Math.max(video.videoWidth, video.videoHeight, 1))
    canvas.width = Math.round(video.videoWidth * shrink)
    canvas.height = Math.round(video.videoHeight * shrink)
    canvas.getContext('2d')?.drawImage(video, 0, 0, canvas.width, canvas.height)
    const picture = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', QUALITY))
    if (picture === null) throw new Error('the camera gave no picture')
    return picture
  }

  return { take, close: () => (video.srcObject = null) }
}
