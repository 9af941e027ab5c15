// The sounds of a phone: one beep before the performance, a voice when recording has stopped, and prompts before a take.
// Nothing here sounds during a healthy take.

let context: AudioContext | null = null

/** Must run inside a tap, or the phone keeps the sound to itself. */
export function allowSound(): void {
  const Context = window.AudioContext ?? (window as { webkitAudioContext?: typeof AudioContext }).webkitAudioContext
  if (Context === undefined) return
  context ??= new Context()
  void context.resume()
  if ('speechSynthesis' in window) window.speechSynthesis.getVoices()
}

/** 提示音: the take begins (L1). */
export function beep(): void {
  if (context === null) return
  const tone = context.createOscillator()
  const volume = context.createGain()
  const from = context.currentTime
  tone.frequency.value = 880
  volume.gain.setValueAtTime(0.0001, from)
  volume.gain.exponentialRampToValueAtTime(0.5, from + 0.02)
  volume.gain.exponentialRampToValueAtTime(0.0001, from + 0.45)
  tone.connect(volume).connect(context.destination)
  tone.start(from)
  tone.stop(from + 0.5)
}

export type Alarm = 'interrupted' | 'lost'

/** Says what happened: the phone's own voice, or a sound file where it has none for the language. */
export function speakAlarm(alarm: Alarm, text: string, locale: string): void {
  if (!say(text, locale)) void playFile(alarm, locale)
}

/** Reads a text aloud; false where the phone has no voice for the language. It stands on the screen in any case. */
export function say(text: string, locale: string): boolean {
  const voice = voiceFor(locale)
  if (voice === null) return false
  const words = new SpeechSynthesisUtterance(text)
  words.voice = voice
  words.lang = voice.lang
  words.volume = 1
  window.speechSynthesis.cancel()
  window.speechSynthesis.speak(words)
  return true
}

/** Ends whatever is being read: a take begins, and must not record it. */
export function hush(): void {
  if ('speechSynthesis' in window) window.speechSynthesis.cancel()
}

function voiceFor(locale: string): SpeechSynthesisVoice | null {
  if (!('speechSynthesis' in window)) return null
  const language = locale.slice(0, 2)
  return window.speechSynthesis.getVoices().find((voice) => voice.lang.startsWith(language) && voice.localService) ?? null
}

async function playFile(alarm: Alarm, locale: string): Promise<void> {
  try {
    await new Audio(`/voice/${alarm}.${locale === 'en' ? 'en' : 'zh-CN'}.mp3`).play()
  } catch {
    // The words and the flashing screen remain.
  }
}
