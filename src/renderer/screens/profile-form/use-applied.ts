import { useState } from 'react';
import { sameSetting } from '#shared/model/profile/labels.ts';
import type { ProfileDraft } from '#shared/model/profile.ts';
import type { ProfileFormState } from './form-state.ts';
import { type FormValues, valuesOf } from './form-values.ts';

/** Settings that were put into the form all at once, and what stood there before. */
interface Applied {
  what: string;
  count: number;
  before: Partial<FormValues>;
}

export interface AppliedSettings {
  last: Applied | null;
  /** Puts settings into the form; nothing is saved. */
  apply(what: string, settings: Partial<ProfileDraft>): void;
  /** Puts back what stood in those boxes; what was typed elsewhere since stays. */
  undo(): void;
  forget(): void;
}

/** A preset or another library's text goes into the form in one step, which can be undone. */
export function useApplied(form: ProfileFormState): AppliedSettings {
  const [last, setLast] = useState<Applied | null>(null);
  return {
    last,
    apply(what, settings) {
      const values = form.getValues();
      const boxes = Object.entries(valuesOf(settings)).filter(
        ([name, value]) => !sameSetting(values[name as keyof FormValues], value),
      );
      const before = boxes.map(([name]) => [name, values[name as keyof FormValues]]);
      setLast({ what, count: boxes.length, before: Object.fromEntries(before) });
      form.setValues({ ...values, ...Object.fromEntries(boxes) });
      form.clearErrors();
    },
    undo() {
      if (last === null) return;
      form.setValues({ ...form.getValues(), ...last.before });
      form.clearErrors();
      setLast(null);
    },
    forget: () => setLast(null),
  };
}
