/** As a number input holds it: a number, or what was typed that is none. */
export type Typed = number | string;

interface Limits {
  min: number;
  max: number;
  whole?: boolean;
}

/** The number typed, or a sentence that says what to enter. */
export function checkedNumber(
  typed: Typed,
  label: string,
  { min, max, whole = false }: Limits,
): number | string {
  const value = typed === '' ? Number.NaN : Number(typed);
  if (Number.isFinite(value) && value >= min && value <= max && (!whole || Number.isInteger(value)))
    return value;
  return `${label} must be a ${whole ? 'whole ' : ''}number from ${grouped(min)} to ${grouped(max)}.`;
}

const grouped = (value: number) => value.toLocaleString('en-US');
