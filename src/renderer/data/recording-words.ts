import type { RecordingState } from '#shared/contract/history-storage.ts';

/** Ends a sentence that does not end by itself. */
const ended = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);

/** What recording does now; when it does not, the engine's own words say why, and whether that mends itself. */
export function recordingInWords({ state, reason }: RecordingState): string {
  switch (state) {
    case 'recording':
      return 'Every open pool is recorded, once a second; sessions and poolers by the minute, this machine every five seconds.';
    case 'opening':
      return 'The history is being opened; recording starts in a moment.';
    case 'stopped':
      return ended(reason || 'Nothing is recorded now, since the history cannot be written');
    case 'off':
      return ended(reason || 'Nothing is recorded, since the history cannot be used');
  }
}

/** Whether something is wrong with it that the user should see. */
export const recordingFails = ({ state }: RecordingState): boolean => state === 'stopped' || state === 'off';
