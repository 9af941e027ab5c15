// The recording core of whoever is signed in: one uploader for all pages, and what it has to say.
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { newCommandId } from '@/api/client'
import type { SittingView } from '@/api/types'
import {
  browserConnectivity,
  browserLocks,
  browserPage,
  createRecordingKit,
  openBrowserStore,
  unfinishedTakes,
  type PartProgress,
  type PartRecord,
  type RecordingKit,
  type TakeRecord,
  type UploaderEvents,
} from '@/recording'
import { probeDevice } from '../device/probe'
import { alsoTell } from './clock'
import { renewCapability, takeApi } from './take-api'

type Kit = RecordingKit<SittingView>
type Waiting = UploaderEvents['waiting']['reason']

export const useRecording = defineStore('recording', () => {
  const kit = shallowRef<Kit | null>(null)
  const progress = ref<Record<string, PartProgress>>({})
  const waiting = ref<Waiting | null>(null)
  const trouble = ref(false)
  const unfinished = shallowRef<TakeRecord[]>([])
  let leave: (() => void)[] = []
  let opening: Promise<Kit> | null = null

  /** Footage on this phone that the server does not have yet. */
  const unsentBytes = computed(() =>
    Object.values(progress.value)
      .filter((part) => part.delivery.state === 'pending')
      .reduce((sum, part) => sum + part.queued_bytes, 0),
  )

  /** Opens the account's footage and goes on uploading. Rejects when the browser keeps no data. */
  function open(account_id: string): Promise<Kit> {
    if (kit.value?.account_id === account_id) return Promise.resolve(kit.value)
    opening ??= openFor(account_id).finally(() => {
      opening = null
    })
    return opening
  }

  async function openFor(account_id: string): Promise<Kit> {
    await close()
    const store = await openBrowserStore()
    const opened = createRecordingKit<SittingView>({
      account_id,
      base_url: '',
      store,
      api: takeApi,
      renewCapability,
      probe: probeDevice,
      connectivity: browserConnectivity(),
      page: browserPage(),
      locks: browserLocks(),
      chance: { uuid: newCommandId, fraction: () => Math.random() },
    })
    listen(opened)
    await opened.start()
    kit.value = opened
    await refreshUnfinished()
    return opened
  }

  function listen(opened: Kit): void {
    const { uploader } = opened
    leave = [
      alsoTell((...sample) => opened.server_clock.observe(...sample)),
      uploader.on('progress', (part) => (progress.value = { ...progress.value, [part.part_id]: part })),
      uploader.on('waiting', ({ reason }) => (waiting.value = reason)),
      uploader.on('moving', () => (waiting.value = null)),
      uploader.on('conflict', () => (trouble.value = true)),
      uploader.on('stopped', () => (trouble.value = true)),
    ]
  }

  async function refreshUnfinished(): Promise<void> {
    if (kit.value === null) return
    unfinished.value = await unfinishedTakes(kit.value, kit.value.account_id)
  }

  async function close(): Promise<void> {
    for (const off of leave) off()
    leave = []
    await kit.value?.close()
    kit.value = null
    progress.value = {}
    waiting.value = null
    trouble.value = false
  }

  /** The parts this phone keeps for the account, oldest first. */
  async function keptParts(): Promise<PartRecord[]> {
    return kit.value === null ? [] : kit.value.store.parts(kit.value.account_id)
  }

  return { kit, progress, waiting, trouble, unfinished, unsentBytes, open, close, refreshUnfinished, keptParts }
})
