/** Lengths the layout is built on. Windows begin on multiples of their length since the epoch. */
export const windowMs = 10 * 60_000;
export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

export const startOf = (atMs: number, lengthMs: number): number => Math.floor(atMs / lengthMs) * lengthMs;
export const endOf = (atMs: number, lengthMs: number): number => Math.ceil(atMs / lengthMs) * lengthMs;
