import type { RecordingState } from '#shared/contract/history-storage.ts';

/** Ends a sentence that does not end by itself. */
const ended = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);

/** What recording does now, why it does not, and whether that mends itself. */
export function recordingInWords({ state, reason }: RecordingState): string {
  switch (state) {
    case 'recording':
      return 'Every open pool is recorded, once a second.';
    case 'opening':
      return 'The history is being opened; recording starts in a moment.';
    case 'stopped':
      return `Nothing is recorded now. ${ended(reason || 'The history cannot be written')} Recording goes on by itself once that is mended.`;
    case 'off':
      return `Nothing is recorded. ${ended(reason || 'The history cannot be used')}`;
  }
}

/** Two or three words for the status line; null while all is well. */
export function recordingWarning({ state }: RecordingState): string | null {
  if (state === 'stopped') return 'Recording stopped';
  return state === 'off' ? 'Recording is off' : null;
}
