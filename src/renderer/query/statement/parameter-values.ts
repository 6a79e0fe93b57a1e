import type { QueryType } from '#shared/model/query.ts';

/** One parameter as the boxes hold it: what was typed stays while NULL is on. */
export interface ParameterBox {
  /** A name of `queryTypes`, or null to let the server infer it. */
  type: QueryType | null;
  text: string;
  isNull: boolean;
}

export const emptyBox: ParameterBox = { type: null, text: '', isNull: false };

/** The boxes as the engine takes them: exactly `count`. */
export function parametersOf(boxes: readonly ParameterBox[], count: number) {
  return Array.from({ length: count }, (_, index) => {
    const { type, text, isNull } = boxes[index] ?? emptyBox;
    return { type, value: isNull ? null : text };
  });
}

/** The same boxes with one changed; those missing before it are empty ones. */
export function withBox(
  boxes: readonly ParameterBox[],
  index: number,
  change: Partial<ParameterBox>,
): ParameterBox[] {
  return Array.from({ length: Math.max(boxes.length, index + 1) }, (_, at) =>
    at === index ? { ...(boxes[at] ?? emptyBox), ...change } : (boxes[at] ?? emptyBox),
  );
}
