/**
 * Share of arrivals that find every server taken and leave (Erlang B), by the recursion
 * B(0) = 1, B(k) = a·B(k−1) / (k + a·B(k−1)): no factorial, so it holds for loads of thousands.
 * @param servers whole number, 0 or more
 * @param load offered load a = arrivals per second × seconds of work each, in erlangs
 */
export function erlangB(servers: number, load: number): number {
  let blocked = 1;
  for (let k = 1; k <= servers; k += 1) blocked = (load * blocked) / (k + load * blocked);
  return blocked;
}

/**
 * Share of arrivals that have to wait (Erlang C): C = B / (1 − ρ(1 − B)) with ρ = a / c.
 * 1 where the load is more than the servers can do.
 */
export function erlangC(servers: number, load: number): number {
  if (load <= 0) return 0;
  if (load >= servers) return 1;
  const blocked = erlangB(servers, load);
  return blocked / (1 - (load / servers) * (1 - blocked));
}
