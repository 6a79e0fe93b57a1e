const tasks = new Set<() => void>();
let requested = false;

function run(): void {
  requested = false;
  const due = [...tasks];
  tasks.clear();
  for (const task of due) task();
}

/**
 * Runs a task once before the next picture is drawn, however often it is asked for. A hidden
 * document draws no pictures, so nothing runs until it is seen again.
 */
export function repaintSoon(task: () => void): void {
  tasks.add(task);
  if (requested) return;
  requested = true;
  requestAnimationFrame(run);
}

/** Forgets a task that no longer has anything to draw on. */
export function cancelRepaint(task: () => void): void {
  tasks.delete(task);
}
