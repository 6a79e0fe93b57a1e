import type { Traffic } from '#shared/model/sizing/queue.ts';
import { gammaDraw } from './random.ts';

/** A request: when it is due, counted from the start, and how long it holds its connection. */
export interface LabRequest {
  dueMs: number;
  holdMs: number;
}

/**
 * The requests of a stretch of time, in order. As many as the rate makes of it, at gaps and with holds that vary
 * as measured; the totals of both are exact, which takes from a short run what it would be off by chance.
 */
export function drawRequests(traffic: Traffic, lastsMs: number, random: () => number): LabRequest[] {
  const count = Math.max(1, Math.round((traffic.arrivalsPerS * lastsMs) / 1000));
  // One gap more than there are requests: the last is the one between the last request and the end.
  const gaps = scaledTo(lastsMs, draws(count + 1, traffic.arrivalCs2, random));
  const holds = scaledTo(count * traffic.holdMs, draws(count, traffic.holdCs2, random));
  let dueMs = 0;
  return holds.map((holdMs, i) => {
    dueMs += gaps[i] ?? 0;
    return { dueMs, holdMs };
  });
}

function draws(count: number, cs2: number, random: () => number): number[] {
  return Array.from({ length: count }, gammaDraw(cs2, random));
}

function scaledTo(total: number, values: readonly number[]): number[] {
  const sum = values.reduce((all, value) => all + value, 0);
  return values.map((value) => (value * total) / sum);
}
