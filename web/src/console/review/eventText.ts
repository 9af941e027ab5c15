/** What happened, in words: the event's own text with its parameters, or its bare name when it is newer than this console. */
import type { TimelineEvent } from '@/api/console-types'
import { preciseStopwatch } from '../amounts'

export function eventText(event: TimelineEvent, named: (key: string, code: string) => string): string {
  return named('event', event.kind)
}

/** Parameters worth reading, in the order they came: durations as time, codes as they are, ids left out. */
export function eventDetails(event: TimelineEvent, named: (key: string, code: string) => string): string {
  return Object.entries(event.text_params ?? {})
    .filter(([name, value]) => value !== null && value !== '' && !/(^|_)id$/.test(name) && typeof value !== 'object')
    .map(([name, value]) => `${named('param', name)} ${valueText(name, value, named)}`)
    .join(' · ')
}

function valueText(name: string, value: unknown, named: (key: string, code: string) => string): string {
  if (name.endsWith('_ms') && typeof value === 'number') return preciseStopwatch(value)
  if ((name.endsWith('_at') || name === 'until') && typeof value === 'number') return new Date(value).toLocaleTimeString()
  return typeof value === 'string' ? named('value', value) : String(value)
}

/** Who did it, as a name to look up. */
export function actorOf(event: TimelineEvent): string {
  return event.actor.name ?? event.actor.role ?? event.actor.kind
}
