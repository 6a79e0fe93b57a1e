/** What the timeline can show besides figures. */
export const historyEventKinds = [
  'poolOpened',
  'poolClosed',
  /** The size settings (minimum, maximum) of a pool changed. */
  'poolResized',
  /** Nothing was recorded from `fromMs` to `toMs`: Poolscope did not run, slept, or could not write. */
  'recordingGap',
  'clockSetBack',
  /** A command was given to a pooler, or Poolscope resumed it by itself. */
  'poolerCommand',
  /** Sessions of a server were told, through Poolscope, to give up their statement, or to end. */
  'sessionsCancelled',
  'sessionsTerminated',
  /** A pool came into that state. */
  'healthHealthy',
  'healthDegraded',
  'healthUnhealthy',
  'alertFired',
  'alertResolved',
  'note',
] as const;
export type HistoryEventKind = (typeof historyEventKinds)[number];

/** Something that happened at a moment or over a span, to be drawn on the charts. */
export interface HistoryEvent {
  eventId: string;
  /** Null when it concerns every pool. */
  profileId: string | null;
  kind: HistoryEventKind;
  fromMs: number;
  /** The same as `fromMs` for a moment. */
  toMs: number;
  /** One plain sentence, or the words of the note. */
  text: string;
}
