/**
 * One end of Electron's context bridge between the page's world and the preload's: plain data is
 * copied, functions and promises are passed as proxies, a function answers at once. Both ends run
 * this same code in the page through `toString()`, so it must not refer to anything outside itself.
 * The worlds share the window, and an event's detail is cloned on its way from one to the other.
 * @param outgoing name of the events we send; @param incoming of those we hear; both are secrets
 */
export function createContextLink(
  outgoing: string,
  incoming: string,
  onExpose: (key: string, api: unknown) => void,
) {
  type Wire = readonly [kind: string, content?: unknown];
  type Message =
    | { does: 'expose'; key: string; value: Wire }
    | { does: 'call'; id: number; call: number; values: Wire[] }
    | { does: 'return'; call: number; ok: boolean; value: Wire }
    | { does: 'settle'; id: number; ok: boolean; value: Wire };

  const target = globalThis as unknown as EventTarget;
  const functions = new Map<number, (...args: unknown[]) => unknown>();
  const promises = new Map<number, { resolve: (value: unknown) => void; reject: (error: unknown) => void }>();
  const returns = new Map<number, { ok: boolean; value: Wire }>();
  let lastId = 0;

  const send = (message: Message) => target.dispatchEvent(new CustomEvent(outgoing, { detail: message }));
  const wrapError = (error: unknown): Wire => [
    'error',
    error instanceof Error ? error.message : String(error),
  ];

  function wrap(value: unknown): Wire {
    if (typeof value === 'function') {
      lastId += 1;
      functions.set(lastId, value as (...args: unknown[]) => unknown);
      return ['function', lastId];
    }
    if (typeof value === 'symbol') throw new Error('An object could not be cloned.');
    if (value === null || typeof value !== 'object') return ['plain', value];
    if (value instanceof Promise) {
      lastId += 1;
      const id = lastId;
      value.then(
        (result) => send({ does: 'settle', id, ok: true, value: wrap(result) }),
        (error) => send({ does: 'settle', id, ok: false, value: wrapError(error) }),
      );
      return ['promise', id];
    }
    if (value instanceof Error) return wrapError(value);
    if (Array.isArray(value)) return ['array', value.map(wrap)];
    if (value instanceof Date || value instanceof Map || value instanceof Set || ArrayBuffer.isView(value)) {
      return ['plain', structuredClone(value)];
    }
    // As in Electron, any other object is copied property by property; its prototype is lost.
    return ['object', Object.entries(value).map(([key, entry]) => [key, wrap(entry)])];
  }

  function unwrap([kind, content]: Wire): unknown {
    switch (kind) {
      case 'function':
        return (...args: unknown[]) => {
          lastId += 1;
          const call = lastId;
          send({ does: 'call', id: content as number, call, values: args.map(wrap) });
          const answer = returns.get(call);
          returns.delete(call);
          if (answer === undefined) throw new Error('The other world has gone.');
          const result = unwrap(answer.value);
          if (!answer.ok) throw result;
          return result;
        };
      case 'promise':
        return new Promise((resolve, reject) => promises.set(content as number, { resolve, reject }));
      case 'array':
        return (content as Wire[]).map(unwrap);
      case 'object':
        return Object.fromEntries((content as [string, Wire][]).map(([key, entry]) => [key, unwrap(entry)]));
      case 'error':
        return new Error(content as string);
      default:
        return content;
    }
  }

  function answerCall(id: number, values: Wire[]): { ok: boolean; value: Wire } {
    try {
      return { ok: true, value: wrap(functions.get(id)?.(...values.map(unwrap))) };
    } catch (error) {
      return { ok: false, value: wrapError(error) };
    }
  }

  target.addEventListener(incoming, (event) => {
    const message = (event as CustomEvent<Message>).detail;
    if (message.does === 'expose') onExpose(message.key, unwrap(message.value));
    else if (message.does === 'call') {
      send({ does: 'return', call: message.call, ...answerCall(message.id, message.values) });
    } else if (message.does === 'return') returns.set(message.call, message);
    else {
      const waiting = promises.get(message.id);
      promises.delete(message.id);
      if (message.ok) waiting?.resolve(unwrap(message.value));
      else waiting?.reject(unwrap(message.value));
    }
  });

  return { expose: (key: string, api: unknown) => void send({ does: 'expose', key, value: wrap(api) }) };
}
