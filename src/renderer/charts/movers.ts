import type { SeriesView, Slot } from './series.ts';

/** Half the width of a character of a label: one nearer to an edge would be cut. */
const halfCharPx = 3.3;

interface Plot {
  leftPx: number;
  widthPx: number;
}

/** Elements of a chart's frame that stand at a moment in time and slide with it. */
export class Movers {
  readonly #moments = new Map<SVGElement, number>();
  #last: { view: SeriesView<Slot>; plot: Plot } | null = null;

  /**
   * Registers an element until the returned function is called. `data-label` holds the number of
   * its characters; one with `data-always` holds other things and shows wherever it stands.
   */
  add(element: SVGElement, atMs: number): () => void {
    this.#moments.set(element, atMs);
    if (this.#last !== null) put(element, atMs, this.#last.view, this.#last.plot);
    return () => this.#moments.delete(element);
  }

  place(view: SeriesView<Slot>, plot: Plot): void {
    this.#last = { view, plot };
    for (const [element, atMs] of this.#moments) put(element, atMs, view, plot);
  }
}

function put(element: SVGElement, atMs: number, view: SeriesView<Slot>, plot: Plot): void {
  const x = ((atMs - view.fromMs) / (view.toMs - view.fromMs)) * plot.widthPx;
  if (element.dataset.always !== undefined) {
    element.setAttribute('transform', `translate(${x.toFixed(1)} 0)`);
    return;
  }
  const room = Number(element.dataset.label ?? 0) * halfCharPx;
  element.setAttribute('transform', `translate(${(plot.leftPx + x).toFixed(1)} 0)`);
  // A label nearer to the left edge would meet the zone's name.
  element.setAttribute('visibility', x >= room && x <= plot.widthPx - room ? 'visible' : 'hidden');
}
