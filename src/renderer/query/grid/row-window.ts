/** Height of one row, in pixels. */
export const rowHeight = 24;

/**
 * The tallest a page may make an element: browsers stop somewhere above 16 million pixels, which is
 * 700,000 rows. With more rows the scroll bar covers more than a pixel per pixel.
 */
const tallest = 12_000_000;

/** Rows drawn beyond what is seen, above and below. */
const overscan = 6;

export interface RowWindow {
  /** Height of all rows as the scroll bar sees it, pixels. */
  bodyHeight: number;
  /** First row to draw, and one after the last. */
  first: number;
  end: number;
  /** Where row `first` is drawn within the body, pixels. */
  top: number;
}

const stretch = (rows: number, viewport: number) => {
  const full = rows * rowHeight;
  const bodyHeight = Math.min(full, tallest);
  return {
    full,
    bodyHeight,
    factor: bodyHeight > viewport ? (full - viewport) / (bodyHeight - viewport) : 1,
  };
};

/** Which rows to draw, and where. `viewport` is the height in which rows are seen, pixels. */
export function rowWindow(rows: number, scrollTop: number, viewport: number): RowWindow {
  const { bodyHeight, factor } = stretch(rows, viewport);
  const offset = scrollTop * factor;
  const first = Math.max(0, Math.min(rows, Math.floor(offset / rowHeight) - overscan));
  const end = Math.min(rows, Math.ceil((offset + viewport) / rowHeight) + overscan);
  return { bodyHeight, first, end, top: scrollTop + first * rowHeight - offset };
}

/** Where to scroll so that a row is seen whole; the place as it is when it is seen already. */
export function scrollTopFor(row: number, rows: number, scrollTop: number, viewport: number): number {
  const { factor } = stretch(rows, viewport);
  const offset = scrollTop * factor;
  const top = row * rowHeight;
  if (top < offset) return top / factor;
  if (top + rowHeight > offset + viewport) return (top + rowHeight - viewport) / factor;
  return scrollTop;
}
