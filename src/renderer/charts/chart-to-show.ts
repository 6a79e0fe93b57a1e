/** A screen that holds no such chart must not let a later one jump. */
const keptMs = 10_000;

let wanted: { title: string; untilMs: number } | null = null;

/** Asks the chart of that title to come into view when its screen opens next. */
export function showChartOnOpen(title: string): void {
  wanted = { title, untilMs: Date.now() + keptMs };
}

/** Whether that chart is asked for; with no title, whether any is. */
export function isChartAsked(title?: string): boolean {
  if (wanted === null || Date.now() > wanted.untilMs) return false;
  return title === undefined || wanted.title === title;
}

/** True for the chart that was asked for, once. */
export function takeChartToShow(title: string): boolean {
  const isAsked = isChartAsked(title);
  if (isAsked) wanted = null;
  return isAsked;
}
