import { useState } from 'react';
import type { ProfileDraft } from '#shared/model/profile.ts';
import { changedBoxes } from './apply-settings.ts';
import type { ProfileFormState } from './form-state.ts';
import type { FormValues } from './form-values.ts';

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
      const boxes = changedBoxes(values, settings);
      const names = Object.keys(boxes) as (keyof FormValues)[];
      const before = Object.fromEntries(names.map((name) => [name, values[name]]));
      setLast({ what, count: names.filter((name) => name !== 'password').length, before });
      form.setValues({ ...values, ...boxes });
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
