/** What the service clock says of a review, for colours and sorting; the times themselves are the server's. */
import type { DeskReview } from '@/api/desk'

export type Urgency = 'alarm' | 'exam' | 'late' | 'soon' | 'calm'

const SOON_MS = 30 * 60_000

/** A candidate in an open exam comes first; when the target time has passed it is an alarm. */
export function urgencyOf(review: Pick<DeskReview, 'alarm_at' | 'due_at' | 'state'>, now: number): Urgency {
  if (review.state === 'decided' || review.state === 'cancelled') return 'calm'
  if (review.alarm_at !== null) return review.alarm_at <= now ? 'alarm' : 'exam'
  if (review.state === 'need_more') return 'calm'
  if (review.due_at <= now) return 'late'
  return review.due_at - now < SOON_MS ? 'soon' : 'calm'
}

export function alarms(reviews: readonly DeskReview[], now: number): number {
  return reviews.filter((review) => urgencyOf(review, now) === 'alarm').length
}
