import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { allowSound, beep, hush, say, speakAlarm } from './sound'

const spoken: { text: string; lang: string }[] = []
const played: string[] = []

class Utterance {
  voice: { lang: string } | null = null
  lang = ''
  volume = 0
  constructor(readonly text: string) {}
}

/** A phone with voices for these languages. */
function phone(...languages: string[]): void {
  const voices = languages.map((lang) => ({ lang, localService: true }))
  vi.stubGlobal('SpeechSynthesisUtterance', Utterance)
  vi.stubGlobal('window', {
    speechSynthesis: { getVoices: () => voices, cancel: () => {}, speak: ({ text, lang }: Utterance) => spoken.push({ text, lang }) },
  })
  vi.stubGlobal('Audio', class {
    constructor(private readonly file: string) {}
    play(): Promise<void> {
      played.push(this.file)
      return Promise.resolve()
    }
  })
}

describe('the voice of the phone', () => {
  beforeEach(() => {
    spoken.length = 0
    played.length = 0
  })
  afterEach(() => void vi.unstubAllGlobals())

  it('says that a recording was interrupted and that it is over, in the language of the page', () => {
    phone('en-US', 'zh-CN')
    speakAlarm('interrupted', '录制中断，请尽快恢复', 'zh-CN')
    speakAlarm('lost', '录制已中断', 'zh-CN')
    expect(spoken).toEqual([{ text: '录制中断，请尽快恢复', lang: 'zh-CN' }, { text: '录制已中断', lang: 'zh-CN' }])
  })

  it('is a sound file where the phone has no voice for the language', () => {
    phone('en-US')
    speakAlarm('lost', '录制已中断', 'zh-CN')
    expect(spoken).toEqual([])
    expect(played).toEqual(['/voice/lost.zh-CN.mp3'])
  })

  it('is quiet at once when a take begins', () => {
    phone('zh-CN')
    const cancel = vi.spyOn(window.speechSynthesis, 'cancel')
    hush()
    expect(cancel).toHaveBeenCalledOnce()
  })

  it('reads the steps of a face check, and is silent where it cannot', () => {
    phone('zh-CN')
    say('请慢慢向您的左边转头', 'zh-CN')
    say('Turn your head to your left', 'en')
    expect(spoken).toEqual([{ text: '请慢慢向您的左边转头', lang: 'zh-CN' }])
  })
})

describe('提示音', () => {
  afterEach(() => void vi.unstubAllGlobals())

  it('is one short tone, once a tap has allowed sound', () => {
    const tones: number[] = []
    const volume = { gain: { setValueAtTime: () => {}, exponentialRampToValueAtTime: () => {} }, connect: () => {} }
    const tone = () => ({ frequency: { value: 0 }, connect: () => volume, start() { tones.push(this.frequency.value) }, stop: () => {} })
    vi.stubGlobal('window', { AudioContext: class { currentTime = 0; resume = () => {}; createOscillator = tone; createGain = () => volume } })
    beep()
    expect(tones).toEqual([])
    allowSound()
    beep()
    expect(tones).toEqual([880])
  })
})
