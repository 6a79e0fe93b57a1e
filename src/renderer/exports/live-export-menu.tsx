import { Button, Menu } from '@mantine/core';
import { ChevronDown, ClipboardCopy, FileDown } from 'lucide-react';
import { useRef, useState } from 'react';
import type { ShownRange } from '../charts/shown-chart.ts';
import type { Span } from '../ranges/range.ts';
import { copyReport } from './chart-exports.ts';
import { ExportDialog } from './export-dialog.tsx';
import { copyAndTell } from './report-notices.tsx';
import { savedSubject } from './subject.ts';

interface Props {
  profileId: string;
  /** What stands on screen now; null before there is anything. */
  shown(): ShownRange | null;
}

/** Beside the one-click export: everything else that can be made of the range shown. */
export function LiveExportMenu({ profileId, shown }: Props) {
  const target = useRef<HTMLButtonElement>(null);
  const [opened, setOpened] = useState(false);
  const [span, setSpan] = useState<Span | null>(null);
  const open = () => {
    const now = shown();
    if (now === null) return;
    const { fromMs, toMs } = now.view;
    setSpan({ fromMs, toMs });
    setOpened(true);
  };
  const close = () => {
    setOpened(false);
    // What had the focus before the dialog was an item of the menu, which is gone.
    target.current?.focus();
  };
  const copy = () => {
    const now = shown();
    if (now !== null) void copyAndTell(async () => copyReport(await savedSubject(profileId), now, null));
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
      <ExportDialog opened={opened} profileId={profileId} shown={span} onClose={close} />
    </>
  );
}
