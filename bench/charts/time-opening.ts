/**
 * Milliseconds from the next click until the charts show a range, whose length their labels name
 * ("30 d"), with its answer, painted.
 */
export async function timeOpening(length: string): Promise<number> {
  const clicked = new Promise<number>((resolve) => {
    const hear = ({ timeStamp }: Event) => resolve(timeStamp);
    document.addEventListener('click', hear, { once: true, capture: true });
  });
  const drawn = () =>
    document.querySelector('[data-chart-plot]')?.getAttribute('aria-label')?.includes(`, ${length} to`) &&
    document.querySelector('[aria-busy="true"]') === null;
  const painted = new Promise<number>((resolve) => {
    const look = () => {
      if (!drawn()) requestAnimationFrame(look);
      // What runs right after a frame runs once the frame has been handed over to be shown.
      else requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
    };
    requestAnimationFrame(look);
  });
  return (await painted) - (await clicked);
}
