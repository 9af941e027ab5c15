// What this phone can tell about itself, for pulses and for the device check; unknown stays unknown.
import { browserProbe, type MediaSource } from '@/recording'

let open: MediaSource | null = null

/** The camera and microphone that are open now, so that pulses speak of them. */
export function listenTo(source: MediaSource | null): void {
  open = source
}

export const probeDevice = browserProbe(() => open)
