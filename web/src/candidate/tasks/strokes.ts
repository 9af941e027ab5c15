/** Strokes of a signature on a field of 1000 by 400, whatever size it has on the screen. */
import type { Drawing } from '@/api/types'

export const FIELD = { width: 1000, height: 400 }
/** The server keeps 4000 points: who draws on and on is not stopped, but adds nothing any more. */
const MOST = 3900
/** Points that are nearer to the last one than this say nothing new. */
const NEAR = 6

export type Box = { left: number; top: number; width: number; height: number }

/** A pointer's place on the field; outside of it, its edge. */
export function pointAt(x: number, y: number, box: Box): [number, number] {
  const within = (share: number, whole: number) => Math.round(Math.min(1, Math.max(0, share)) * whole)
  return [within((x - box.left) / box.width, FIELD.width), within((y - box.top) / box.height, FIELD.height)]
}

/** The drawing with a point added to its last stroke. */
export function drawnTo(drawing: Drawing, point: [number, number]): Drawing {
  const stroke = drawing[drawing.length - 1] ?? []
  const last = stroke[stroke.length - 1]
  const points = drawing.reduce((sum, each) => sum + each.length, 0)
  if (points >= MOST) return drawing
  if (last && Math.hypot(point[0] - (last[0] ?? 0), point[1] - (last[1] ?? 0)) < NEAR) return drawing
  return [...drawing.slice(0, -1), [...stroke, point]]
}

/** What was drawn, without dots that a resting finger left. */
export function withoutDots(drawing: Drawing): Drawing {
  return drawing.filter((stroke) => stroke.length > 1)
}

/** A stroke as SVG draws it. */
export function pathOf(stroke: Drawing[number]): string {
  return stroke.map(([x, y], at) => `${at === 0 ? 'M' : 'L'}${x} ${y}`).join('')
}
