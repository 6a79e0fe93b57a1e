/**
 * Structured clone over a channel that carries only text (a DevTools binding). Runs in Node as
 * imported and in the page through `toString()`, so it must not refer to anything outside itself.
 */
export function createCloneCodec() {
  const pack = (value: unknown): unknown => {
    if (value === undefined) return ['undefined'];
    if (typeof value === 'bigint') return ['bigint', String(value)];
    if (typeof value === 'number' && !Number.isFinite(value)) return ['number', String(value)];
    if (value === null || typeof value !== 'object') return value;
    if (Array.isArray(value)) return ['array', value.map(pack)];
    if (value instanceof Date) return ['date', value.getTime()];
    if (value instanceof Map) return ['map', [...value].map(([key, entry]) => [pack(key), pack(entry)])];
    if (value instanceof Set) return ['set', [...value].map(pack)];
    if (value instanceof Error) return ['error', value.message];
    const kind = Object.prototype.toString.call(value);
    if (kind !== '[object Object]') throw new TypeError(`The Electron stand-in does not carry ${kind}.`);
    return ['object', Object.entries(value).map(([key, entry]) => [key, pack(entry)])];
  };
  const unpack = (packed: unknown): unknown => {
    if (!Array.isArray(packed)) return packed;
    const [kind, content] = packed;
    switch (kind) {
      case 'undefined':
        return undefined;
      case 'bigint':
        return BigInt(content);
      case 'number':
        return Number(content);
      case 'array':
        return content.map(unpack);
      case 'date':
        return new Date(content);
      case 'map':
        return new Map(content.map(([key, entry]: unknown[]) => [unpack(key), unpack(entry)]));
      case 'set':
        return new Set(content.map(unpack));
      case 'error':
        return new Error(content);
      default:
        return Object.fromEntries(content.map(([key, entry]: [string, unknown]) => [key, unpack(entry)]));
    }
  };
  return {
    /** Throws what structured clone throws on functions, AbortSignals and their like. */
    encode(value: unknown): string {
      let cloned: unknown;
      try {
        cloned = structuredClone(value);
      } catch {
        throw new Error('An object could not be cloned.');
      }
      return JSON.stringify(pack(cloned));
    },
    decode(text: string): unknown {
      return unpack(JSON.parse(text));
    },
  };
}
