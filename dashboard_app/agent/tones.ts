import type { Speaker, Tone } from './state/alerts'

/** Two soft strokes each: rising for a new customer, level for a new line. Frequencies in Hz. */
const notes: Record<Tone, readonly [number, number]> = { waiting: [587, 784], message: [659, 659] }
const STROKE_S = 0.16
const LOUDNESS = 0.12

export function createSpeaker(): Speaker {
  const audio = new AudioContext()
  return {
    blocked: () => audio.state === 'suspended',
    unblock: () => audio.resume(),
    play: (tone) => notes[tone].forEach((pitch, index) => stroke(audio, pitch, index * STROKE_S)),
  }
}

function stroke(audio: AudioContext, pitch: number, later: number): void {
  const from = audio.currentTime + later
  const voice = audio.createOscillator()
  const loudness = audio.createGain()
  voice.frequency.value = pitch
  loudness.gain.setValueAtTime(0, from)
  loudness.gain.linearRampToValueAtTime(LOUDNESS, from + 0.02)
  loudness.gain.exponentialRampToValueAtTime(0.0001, from + STROKE_S * 1.6)
  voice.connect(loudness).connect(audio.destination)
  voice.start(from)
  voice.stop(from + STROKE_S * 1.7)
}
