// What a picture is framed by on the screen, and how what is inside the frame is cut out of the camera's picture.
import type { PictureKind } from '@/api/types'

export interface Frame {
  /** Width by height of what must be inside. */
  ratio: number
  /** Of the screen's width. */
  share: number
  round: boolean
  /** The camera on the screen's side. */
  self: boolean
}

const CARD: Frame = { ratio: 85.6 / 54, share: 0.92, round: false, self: false }
const PAGE: Frame = { ratio: 125 / 88, share: 0.94, round: false, self: false }
const SHEET: Frame = { ratio: 210 / 297, share: 0.86, round: false, self: false }
const FACE: Frame = { ratio: 3 / 4, share: 0.72, round: true, self: true }

const FRAMES: Record<PictureKind, Frame> = {
  card_front: CARD,
  card_back: CARD,
  document_page: PAGE,
  admission_ticket: SHEET,
  portrait: FACE,
  selfie: FACE,
  card_in_hand: { ...FACE, share: 0.94, round: false },
  evidence: SHEET,
}

export const frameOf = (kind: PictureKind): Frame => FRAMES[kind]

export interface Box {
  x: number
  y: number
  width: number
  height: number
}

/**
 * The part of a camera's picture (`video`) that a frame shows on a screen (`view`) which the picture covers, with a
 * margin around it, so that a card held a little too close is not cut off.
 */
export function framed(video: { width: number; height: number }, view: { width: number; height: number }, frame: Frame): Box {
  const scale = Math.max(view.width / video.width, view.height / video.height)
  const margin = frame.round ? 1.3 : 1.12
  const width = Math.min(frame.share * view.width * margin, view.width) / scale
  const height = Math.min(((frame.share * view.width) / frame.ratio) * margin, view.height) / scale
  const x = Math.max(0, (video.width - width) / 2)
  const y = Math.max(0, (video.height - height) / 2)
  return { x, y, width: Math.min(width, video.width), height: Math.min(height, video.height) }
}
