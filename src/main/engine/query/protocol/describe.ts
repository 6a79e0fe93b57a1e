import type { PoolClient } from 'pg';
import { Exchange, type Field, type RawConnection } from './exchange.ts';

/** A statement as the server prepared it. */
export interface Described {
  parameterOids: number[];
  /** Empty for a statement without a result. */
  fields: Field[];
}

class DescribeExchange extends Exchange {
  readonly found: Described = { parameterOids: [], fields: [] };
  readonly text: string;
  readonly #types: number[];
  #stop = () => {};

  constructor(text: string, types: number[]) {
    super();
    this.text = text;
    this.#types = types;
  }

  protected send(connection: RawConnection): void {
    const listen = (message: { dataTypeIDs: number[] }) => {
      this.found.parameterOids = message.dataTypeIDs;
    };
    connection.once('parameterDescription', listen);
    this.#stop = () => connection.off('parameterDescription', listen);
    connection.parse({ text: this.text, types: this.#types });
    connection.describe({ type: 'S' });
  }

  override async on(client: PoolClient): Promise<void> {
    try {
      await super.on(client);
    } finally {
      this.#stop();
    }
  }

  override handleRowDescription(message: { fields: Field[] }): void {
    this.found.fields = message.fields;
  }
}

/**
 * Prepares a statement under no name, where it stays until the next. @param types 0 lets the server
 * infer that one
 */
export async function describeStatement(
  client: PoolClient,
  text: string,
  types: number[],
): Promise<Described> {
  const exchange = new DescribeExchange(text, types);
  await exchange.on(client);
  return exchange.found;
}
