import type { SeriesView, Slot } from './series.ts';

/** What a key asks of a focused chart. Moments are starts of buckets. */
type ChartAction =
  | { does: 'move' | 'select'; atMs: number }
  | { does: 'zoom' | 'clear' | 'copy' | 'earlier' | 'later' | 'zoomOut' | 'goLive' | 'note' | 'table' };

interface Key {
  key: string;
  shiftKey: boolean;
  altKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
}

interface State {
  atMs: number | null;
  selecting: boolean;
  view: Pick<SeriesView<Slot>, 'fromMs' | 'toMs' | 'bucketMs'>;
}

const letters = {
  ',': 'earlier',
  '.': 'later',
  '-': 'zoomOut',
  l: 'goLive',
  n: 'note',
  t: 'table',
} as const;

/** What a key does while a chart has the focus; null where it does nothing here. */
export function chartAction(pressed: Key, { atMs, selecting, view }: State): ChartAction | null {
  const key = pressed.key.length === 1 ? pressed.key.toLowerCase() : pressed.key;
  if (pressed.altKey) return null;
  if (pressed.ctrlKey || pressed.metaKey) return key === 'c' ? { does: 'copy' } : null;
  const moved = momentAfterKey(key, atMs, view);
  if (moved !== null) return { does: pressed.shiftKey ? 'select' : 'move', atMs: moved };
  if (key === 'Enter') return selecting ? { does: 'zoom' } : null;
  if (key === 'Escape') return selecting || atMs !== null ? { does: 'clear' } : null;
  if (pressed.shiftKey || !(key in letters)) return null;
  return { does: letters[key as keyof typeof letters] };
}

/** Where a key takes the crosshair: by one bucket, by ten, or to the ends. */
function momentAfterKey(key: string, atMs: number | null, view: State['view']): number | null {
  const { bucketMs } = view;
  const first = Math.ceil(view.fromMs / bucketMs) * bucketMs;
  const last = Math.floor((view.toMs - 1) / bucketMs) * bucketMs;
  const from = atMs ?? last + bucketMs;
  const by = (buckets: number) => Math.min(last, Math.max(first, from + buckets * bucketMs));
  switch (key) {
    case 'ArrowLeft':
      return by(-1);
    case 'ArrowRight':
      return by(1);
    case 'PageUp':
      return by(-10);
    case 'PageDown':
      return by(10);
    case 'Home':
      return first;
    case 'End':
      return last;
    default:
      return null;
  }
}
