import { Button, Menu } from '@mantine/core';
import { ChevronDown, ClipboardCopy, FileDown } from 'lucide-react';
import { useRef, useState } from 'react';
import type { SeriesSource } from '../charts/series.ts';
import { copyReport } from './chart-exports.ts';
import { ExportDialog } from './export-dialog.tsx';
import type { Span } from './export-values.ts';
import { copyAndTell } from './report-notices.tsx';
import { savedSubject } from './subject.ts';

interface Props {
  profileId: string;
  source: SeriesSource | null;
}

/** Beside the one-click export: everything else that can be made of the window shown. */
export function LiveExportMenu({ profileId, source }: Props) {
  const target = useRef<HTMLButtonElement>(null);
  const [opened, setOpened] = useState(false);
  const [shown, setShown] = useState<Span | null>(null);
  const open = () => {
    if (source === null) return;
    const { fromMs, toMs } = source.view();
    setShown({ fromMs, toMs });
    setOpened(true);
  };
  const close = () => {
    setOpened(false);
    // What had the focus before the dialog was an item of the menu, which is gone.
    target.current?.focus();
  };
  const copy = () => {
    if (source === null) return;
    const view = source.view();
    const still = { ...view, buckets: [...view.buckets] };
    void copyAndTell(async () => copyReport(await savedSubject(profileId), still, null));
  };
  return (
    <>
      <Menu position="bottom-end" withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <Button ref={target} variant="default" px={6} aria-label="More ways to export">
            <ChevronDown size={14} aria-hidden />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<FileDown size={14} aria-hidden />} onClick={open}>
            More formats…
          </Menu.Item>
          <Menu.Item leftSection={<ClipboardCopy size={14} aria-hidden />} onClick={copy}>
            Copy as Markdown
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ExportDialog opened={opened} profileId={profileId} shown={shown} onClose={close} />
    </>
  );
}
