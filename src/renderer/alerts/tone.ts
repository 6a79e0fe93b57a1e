const notes = [
  { hertz: 660, startS: 0 },
  { hertz: 880, startS: 0.16 },
] as const;
const noteS = 0.22;
const loudness = 0.12;

/** Plays two short, quiet notes. A browser may keep a page silent until it was clicked; then nothing is heard. */
export async function playTone(): Promise<void> {
  const audio = new AudioContext();
  try {
    await audio.resume();
    const ends = notes.map(({ hertz, startS }) => playNote(audio, hertz, audio.currentTime + startS));
    await Promise.all(ends);
  } finally {
    await audio.close();
  }
}

function playNote(audio: AudioContext, hertz: number, atS: number): Promise<void> {
  const oscillator = audio.createOscillator();
  const volume = audio.createGain();
  oscillator.frequency.value = hertz;
  volume.gain.setValueAtTime(0, atS);
  volume.gain.linearRampToValueAtTime(loudness, atS + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.001, atS + noteS);
  oscillator.connect(volume).connect(audio.destination);
  oscillator.start(atS);
  oscillator.stop(atS + noteS);
  return new Promise((resolve) => {
    oscillator.onended = () => resolve();
  });
}
