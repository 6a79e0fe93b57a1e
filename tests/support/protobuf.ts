/** A field's value as it stands on the wire: a number, or bytes (of 4, 8, or any length). */
export interface Wire {
  varint?: bigint;
  bytes?: Uint8Array;
}

export type Fields = Map<number, Wire[]>;

/** Splits a protobuf message into its fields by number (protobuf.dev, "Encoding"). @throws RangeError */
export function fieldsOf(message: Uint8Array): Fields {
  const fields: Fields = new Map();
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message[at];
      if (byte === undefined) throw new RangeError('The message ends within a number.');
      at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const take = (length: number): Uint8Array => {
    if (at + length > message.length) throw new RangeError('The message ends within a field.');
    at += length;
    return message.slice(at - length, at);
  };
  while (at < message.length) {
    const tag = Number(varint());
    const kind = tag & 7;
    const wire: Wire =
      kind === 0 ? { varint: varint() } : { bytes: take(kind === 1 ? 8 : kind === 5 ? 4 : Number(varint())) };
    const number = tag >> 3;
    fields.set(number, [...(fields.get(number) ?? []), wire]);
  }
  return fields;
}
