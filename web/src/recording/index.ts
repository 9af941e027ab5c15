// Public face of the recording core: capture, local store, seals, upload, pulse, takes. No framework;
// runs in the browser and under Node. The Node store is imported from './segment-store-node'.
export * from './types'
export * from './environment'
export * from './journal'
export * from './segment-store'
export * from './take-state'
export { Emitter } from './events'
export { chainStart, seal, sha256 } from './seal'
export { SEGMENT_BYTES_MAX, split } from './split'
export { openBrowserStore } from './segment-store-idb'
export { ServerClock } from './server-clock'
export { Capabilities } from './capabilities'
export { SegmentProtocol } from './segment-protocol'
export { Uploader, type UploaderEvents, type UploaderOptions, type WaitReason } from './uploader'
export { Pulse, type LivePart, type PulseAnswer, type PulseEvents } from './pulse'
export { chooseMime, mimeCandidates, recorderOptions, type RecorderOptions } from './mime'
export {
  browserRecorder, PartRecorder,
  type CreateRecorder, type MediaRecorderLike, type RecorderEnvironment, type RecorderEvents, type StreamLike, type TrackLike,
} from './recorder'
export { PartWriter } from './part-writer'
export { LevelMeter, MediaFailure, openMedia, type GetUserMedia, type MediaCause, type MediaSource } from './media-source'
export { browserProbe } from './device-state'
export { httpRenewal, httpTakeApi, type HttpOptions, type SittingGlimpse, type TakeApi, type TakeOpened } from './take-api'
export { Outbox, type OutboxEvents } from './outbox'
export { TakeBook } from './take-book'
export { Take, type TakeSource } from './take'
export { createRecordingKit, localFootage, unfinishedTakes, type RecordingKit, type RecordingKitOptions } from './kit'
