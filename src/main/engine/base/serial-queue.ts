/** Runs pieces of work one after another, in the order they were asked for. */
export type SerialQueue = <T>(work: () => Promise<T>) => Promise<T>;

/** A failure goes to whoever asked for that piece and does not stop the next. */
export function createSerialQueue(): SerialQueue {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work);
    last = next.catch(() => {});
    return next;
  };
}
