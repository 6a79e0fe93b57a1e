import * as z from 'zod/mini';

export const dayMs = 24 * 60 * 60 * 1000;

/** "600,000": long figures in sentences stand as they do in the forms. */
const grouped = (value: number) => value.toLocaleString('en-US');

const noNul = (label: string) =>
  z.refine<string>((value) => !value.includes('\u0000'), {
    error: `${label} cannot hold the character U+0000.`,
  });

/** Text that must be there. */
export const text = (label: string, maximum: number) =>
  z
    .string({ error: `${label} must be text.` })
    .check(
      z.trim(),
      z.minLength(1, { error: `${label} must not be empty.` }),
      z.maxLength(maximum, { error: `${label} can be at most ${grouped(maximum)} characters long.` }),
      noNul(label),
    );

/** Text that may be left empty, and is in files written before the setting existed. */
export const optionalText = (label: string, maximum: number) =>
  z._default(
    z
      .string({ error: `${label} must be text.` })
      .check(
        z.trim(),
        z.maxLength(maximum, { error: `${label} can be at most ${grouped(maximum)} characters long.` }),
        noNul(label),
      ),
    '',
  );

export const wholeNumber = (label: string, minimum: number, maximum: number, written = grouped) => {
  const error = `${label} must be a whole number from ${written(minimum)} to ${written(maximum)}.`;
  return z.int({ error }).check(z.gte(minimum, { error }), z.lte(maximum, { error }));
};

/** A number that files written before the setting existed lack. */
export const numberOr = (fallback: number, label: string, minimum: number, maximum: number) =>
  z._default(wholeNumber(label, minimum, maximum), fallback);

/** One of a few words; the fallback stands for files written before the setting existed. */
export const choiceOr = <const Choices extends readonly [string, ...string[]]>(
  fallback: Choices[number],
  label: string,
  choices: Choices,
) =>
  z._default(
    z.enum(choices, { error: `${label} must be one of ${choices.join(', ')}.` }),
    // The enum's own output type says the same in a way that the compiler cannot relate to this one.
    fallback as never,
  );

/** Absent from files written before the switch existed. */
export const switchOr = (fallback: boolean, label: string) =>
  z._default(z.boolean({ error: `${label} must be on or off.` }), fallback);
