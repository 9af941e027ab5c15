// Cuts a recorder's slice into segments. Slices may be of any size (iOS: large and rare).

/** The largest segment the server takes, in bytes. */
export const SEGMENT_BYTES_MAX = 262_144

/** Views into `slice`, in order, none empty; an empty slice gives none. */
export function split(slice: Uint8Array): Uint8Array[] {
  const segments: Uint8Array[] = []
  for (let from = 0; from < slice.length; from += SEGMENT_BYTES_MAX) {
    segments.push(slice.subarray(from, from + SEGMENT_BYTES_MAX))
  }
  return segments
}
