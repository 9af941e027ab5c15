/** What happened, in words: the event's own text with its parameters, or its bare name when it is newer than this console. */
import type { TimelineEvent } from '@/api/console-types'
import { stopwatch } from '../amounts'
import { clockTime } from '../zone'

export function eventText(event: TimelineEvent, named: (key: string, code: string) => string): string {
  return named('event', event.kind)
}

/** Parameters worth reading at a glance, in reading order; the rest is in the bundle. */
const TOLD = [
  'number', 'counts', 'device', 'act', 'cause', 'outcome', 'delivery', 'by', 'extra_ms', 'extra_attempts', 'lasted_ms', 'began_at_captured_ms', 'at_captured_ms', 'duration_ms', 'answer_from', 'closes_at', 'until', 'reason',
]

/** What there is to say beyond the name: durations as time, codes in words, moments by the zone's clock. */
export function eventDetails(event: TimelineEvent, named: (key: string, code: string) => string, zone: string): string {
  const params = event.text_params
  return TOLD.filter((name) => params[name] !== undefined && params[name] !== null && params[name] !== '')
    .map((name) => `${named('param', name)} ${valueText(name, params[name], named, zone)}`)
    .join(' · ')
}

function valueText(name: string, value: unknown, named: (key: string, code: string) => string, zone: string): string {
  if (typeof value === 'number' && name.endsWith('_ms')) return stopwatch(value)
  if (typeof value === 'number' && (name.endsWith('_at') || name === 'until' || name === 'answer_from')) return clockTime(value, zone)
  if (typeof value === 'boolean') return named('value', value ? 'yes' : 'no')
  return typeof value === 'string' && name !== 'reason' && name !== 'device' ? named('value', value) : String(value)
}

/** Who did it, as a name to look up. */
export function actorOf(event: TimelineEvent): string {
  return event.actor.name ?? event.actor.role ?? event.actor.kind
}
