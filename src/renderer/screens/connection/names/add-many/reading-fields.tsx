import { Checkbox, Select } from '@mantine/core';
import { type Reading, type StagedPreview, textEncodings } from '#shared/contract/names-staged.ts';
import classes from './add-many.module.css';
import { encodingWords, layoutWords } from './words.ts';

interface Props {
  reading: Reading;
  /** What was found out; null while nothing could be read. */
  preview: StagedPreview | null;
  busy: boolean;
  onChange(change: Partial<Reading>): void;
}

const layouts = Object.entries(layoutWords).map(([value, label]) => ({
  value,
  label: label.charAt(0).toUpperCase() + label.slice(1),
}));
const encodings = textEncodings.map((value) => ({ value, label: encodingWords[value] }));

/** How the text is read. What was found out stands in the fields, to be corrected there. */
export function ReadingFields({ reading, preview, busy, onChange }: Props) {
  const found = preview?.reading;
  const layout = reading.layout === 'auto' ? (found?.layout ?? null) : reading.layout;
  const encoding = reading.encoding === 'auto' ? (found?.encoding ?? null) : reading.encoding;
  const columns = preview?.columns ?? [];
  return (
    <div className={classes.fields}>
      <Select
        label="Layout"
        data={layouts}
        value={layout}
        placeholder="Not found out"
        allowDeselect={false}
        disabled={busy}
        onChange={(value) =>
          value !== null && onChange({ layout: value as Reading['layout'], column: null, header: 'auto' })
        }
      />
      <Select
        label="Encoding"
        data={encodings}
        value={encoding}
        placeholder="Choose one"
        allowDeselect={false}
        disabled={busy}
        onChange={(value) => value !== null && onChange({ encoding: value as Reading['encoding'] })}
      />
      {columns.length > 1 && found !== undefined && (
        <Select
          label="Column of the names"
          data={columns.map((title, at) => ({ value: String(at), label: title }))}
          value={String(found.column)}
          allowDeselect={false}
          disabled={busy}
          onChange={(value) => value !== null && onChange({ column: Number(value) })}
        />
      )}
      {found !== undefined && found.layout !== 'lines' && (
        <Checkbox
          size="xs"
          label="The first line names the columns"
          checked={found.header}
          disabled={busy}
          onChange={(event) => onChange({ header: event.currentTarget.checked ? 'yes' : 'no' })}
        />
      )}
      <Checkbox
        size="xs"
        label="Leave out blanks around names"
        checked={reading.trim}
        disabled={busy}
        onChange={(event) => onChange({ trim: event.currentTarget.checked })}
      />
    </div>
  );
}
