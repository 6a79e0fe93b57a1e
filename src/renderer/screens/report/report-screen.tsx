import { Button, Menu, Progress } from '@mantine/core';
import { FileDown, Printer } from 'lucide-react';
import { useState } from 'react';
import type { ProfileView } from '#shared/contract/profiles.ts';
import { request } from '../../bridge/client.ts';
import { engineNowMs } from '../../data/engine-clock.ts';
import { notifyFailure } from '../../data/notify.tsx';
import type { ReportDocument } from '../../exports/range-report/report-document.ts';
import { reportHtml } from '../../exports/range-report/report-html.ts';
import { reportMarkdown } from '../../exports/range-report/report-markdown.ts';
import { followSaveOutcome } from '../../exports/save-outcome.ts';
import { ErrorNote } from '../../kit/error-note.tsx';
import { RangeControls } from '../../ranges/range-controls.tsx';
import { useRangeState } from '../../ranges/range-store.ts';
import { useZone } from '../../time/use-zone.ts';
import classes from './report.module.css';
import { ReportPage } from './report-page.tsx';
import { useReport } from './use-report.ts';

type Format = 'html' | 'markdown';

/** A range's summary to read, print or save: every pool, its waits, errors, incidents and advice. */
export function ReportScreen({ profiles }: { profiles: ProfileView[] }) {
  const { current, past } = useRangeState();
  const zone = useZone();
  const [saving, setSaving] = useState(false);
  const { state, make, cancel } = useReport(profiles, current, zone);
  const ready = state.kind === 'ready' ? state : null;

  const save = async (document: ReportDocument, format: Format) => {
    if (ready === null) return;
    const text = format === 'html' ? reportHtml(document) : reportMarkdown(document);
    setSaving(true);
    try {
      followSaveOutcome(await request('exporter.report', { ...ready.span, format, text }));
    } catch (error) {
      notifyFailure('The report was not saved', error);
    } finally {
      setSaving(false);
    }
  };

  return (
    <section className={classes.page} aria-labelledby="report-title">
      <div className={classes.head}>
        <h1 id="report-title" className={classes.title}>
          Report
        </h1>
        <div className={classes.tools}>
          <Button variant="default" disabled={state.kind === 'making'} onClick={() => make(engineNowMs())}>
            Make anew
          </Button>
          <Button
            variant="default"
            leftSection={<Printer size={14} aria-hidden />}
            disabled={ready === null}
            onClick={() => window.print()}
          >
            Print
          </Button>
          <Menu position="bottom-end">
            <Menu.Target>
              <Button
                leftSection={<FileDown size={14} aria-hidden />}
                disabled={ready === null}
                loading={saving}
              >
                Save…
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => ready !== null && void save(ready.document, 'html')}>
                HTML, one file
              </Menu.Item>
              <Menu.Item onClick={() => ready !== null && void save(ready.document, 'markdown')}>
                Markdown
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </div>
      </div>
      <div className={classes.tools}>
        <RangeControls range={current} zoomed={past.length > 0} compareWith={null} zone={zone} />
      </div>
      {state.kind === 'making' && (
        <div className={classes.progress} role="status">
          <p>
            Reading connection {Math.min(state.done + 1, profiles.length)} of {profiles.length}…
          </p>
          <Progress value={(100 * state.done) / profiles.length} aria-label="Making the report" />
          <Button variant="default" onClick={cancel}>
            Cancel
          </Button>
        </div>
      )}
      {state.kind === 'cancelled' && <p role="status">The report was not finished.</p>}
      {state.kind === 'failed' && <ErrorNote error={state.error} />}
      {ready !== null && <ReportPage document={ready.document} />}
    </section>
  );
}
