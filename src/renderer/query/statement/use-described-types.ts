import { useState } from 'react';
import { request } from '../../bridge/client.ts';
import type { StatementModel } from './statement-model.ts';

/**
 * The types that the server gives the parameters of the statement to run. Asked only when a box is
 * entered: typing alone never reaches the server. What the server refuses is said when the
 * statement is run, not before.
 */
export function useDescribedTypes(statement: StatementModel, profileId: string) {
  const [described, setDescribed] = useState<{ text: string; types: string[] } | null>(null);
  const ask = async () => {
    const text = statement.editor.toRun()?.text;
    if (text === undefined || text === described?.text) return;
    const parameterTypes = statement.options().boxes.map(({ type }) => type);
    try {
      const { parameters } = await request('query.describe', {
        profileId,
        text,
        parameterTypes,
      });
      setDescribed({ text, types: parameters.map(({ typeName }) => typeName) });
    } catch {
      setDescribed({ text, types: [] });
    }
  };
  return { types: described?.types ?? [], askTypes: () => void ask() };
}
