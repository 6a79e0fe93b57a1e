import { afterEach, describe, expect, it } from 'vitest';
import { newConnectionValues } from './form-values.ts';
import { dropUnsaved, keepUnsaved, unsavedDraft } from './unsaved-drafts.ts';

const saved = { ...newConnectionValues(), name: 'Orders', min: '2', max: '10' };

afterEach(() => dropUnsaved('1'));

describe('what was typed and not saved', () => {
  it('is there when the form is opened again', () => {
    keepUnsaved('1', { ...saved, name: 'Shop', password: 'typed' }, saved);
    expect(unsavedDraft('1', saved)).toEqual({ ...saved, name: 'Shop', password: 'typed' });
    dropUnsaved('1');
    expect(unsavedDraft('1', saved)).toBeUndefined();
  });

  it('stays over a change made elsewhere meanwhile, and takes back none of it', () => {
    keepUnsaved('1', { ...saved, name: 'Shop', max: '20' }, saved);
    const resized = { ...saved, min: '4', max: '40', parameters: [{ name: 'work_mem', value: '7MB' }] };
    const shown = { ...resized, name: 'Shop', max: '20' };
    expect(unsavedDraft('1', resized)).toEqual(shown);
    keepUnsaved('1', shown, resized);
    expect(unsavedDraft('1', { ...resized, min: '5' })).toEqual({ ...shown, min: '5' });
  });
});
