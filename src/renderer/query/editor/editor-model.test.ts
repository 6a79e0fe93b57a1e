import { describe, expect, it } from 'vitest';
import { EditorModel } from './editor-model.ts';

describe('the text of a query tab', () => {
  it('is kept while nothing shows it, with its undo', () => {
    const model = new EditorModel('select 1');
    let told = 0;
    model.subscribe(() => {
      told += 1;
    });
    model.replaceAll('select 2');
    expect(model.text).toBe('select 2');
    expect(told).toBeGreaterThan(0);
    expect(model.toRun()).toEqual({ from: 0, to: 8, text: 'select 2' });
  });

  it('knows the parameters it holds', () => {
    expect(new EditorModel("select $2, '$9'").scan().highestParameter).toBe(2);
    expect(new EditorModel('').toRun()).toBeNull();
  });

  it('says where a place is as people count', () => {
    const model = new EditorModel('select 1\nfrom nowhere');
    expect(model.lineColumn(14)).toEqual({ line: 2, column: 6 });
  });
});
