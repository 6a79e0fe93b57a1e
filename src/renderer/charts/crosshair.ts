/**
 * The moment under the pointer, shared by every chart on screen. Charts move their own line when
 * it changes; React and recharts never hear of it.
 */
export class Crosshair {
  #atMs: number | null = null;
  readonly #listeners = new Set<() => void>();

  get atMs(): number | null {
    return this.#atMs;
  }

  moveTo(atMs: number | null): void {
    if (atMs === this.#atMs) return;
    this.#atMs = atMs;
    for (const listener of this.#listeners) listener();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/**
 * Where an arrow key takes the crosshair: one bucket, ten with Shift, Home and End to the ends.
 * Undefined for any other key; null (Escape) takes it away.
 */
export function crosshairAfterKey(
  key: string,
  shift: boolean,
  atMs: number | null,
  view: { fromMs: number; toMs: number; bucketMs: number },
): number | null | undefined {
  const { bucketMs } = view;
  const first = Math.ceil(view.fromMs / bucketMs) * bucketMs;
  const last = Math.floor((view.toMs - 1) / bucketMs) * bucketMs;
  const step = (shift ? 10 : 1) * bucketMs;
  const from = atMs ?? last + bucketMs;
  const clamp = (moment: number) => Math.min(last, Math.max(first, moment));
  switch (key) {
    case 'ArrowLeft':
      return clamp(from - step);
    case 'ArrowRight':
      return clamp(from + step);
    case 'Home':
      return first;
    case 'End':
      return last;
    case 'Escape':
      return null;
    default:
      return undefined;
  }
}
