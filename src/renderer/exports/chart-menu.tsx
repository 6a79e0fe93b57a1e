import { ActionIcon, Menu } from '@mantine/core';
import { ClipboardCopy, EllipsisVertical, FileCode, Image as ImageIcon } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { Slot } from '../charts/series.ts';
import type { ShownChart } from '../charts/shown-chart.ts';
import { notifyFailure } from '../data/notify.tsx';
import { copyReport, type ExportedChart, savePicture } from './chart-exports.ts';
import { isDarkNow } from './picture/theme-palette.ts';
import { copyAndTell } from './report-notices.tsx';
import type { Subject } from './subject.ts';

interface Props {
  chart: ExportedChart;
  /** What stands on screen now. */
  shown(): ShownChart;
  findSubject(): Promise<Subject>;
}

/** What can be made of one chart of a pool; stands in the chart's header. */
export function ChartMenu({ chart, shown, findSubject }: Props) {
  const copy = () => {
    const now = shown();
    const { hidden, thresholds } = now;
    return copyAndTell(async () => copyReport(await findSubject(), now, { ...chart, hidden, thresholds }));
  };
  return (
    <PictureMenu chart={chart} shown={shown} findSubject={findSubject}>
      <Menu.Divider />
      <Menu.Item leftSection={<ClipboardCopy size={14} aria-hidden />} onClick={() => void copy()}>
        Copy as Markdown
      </Menu.Item>
    </PictureMenu>
  );
}

/** Holds for every chart until the page is closed. */
let wantsLight = false;

interface PictureProps extends Pick<Props, 'chart' | 'findSubject'> {
  shown(): ShownChart<Slot>;
  /** Further items, below. */
  children?: ReactNode;
}

/** Saves any chart as a picture; stands in the chart's header. */
export function PictureMenu({ chart, shown, findSubject, children }: PictureProps) {
  const [light, setLight] = useState(wantsLight);
  const [dark, setDark] = useState(false);

  const save = async (format: 'png' | 'svg') => {
    const now = shown();
    try {
      await savePicture(chart, now, await findSubject(), format, light && dark ? 'light' : 'current');
    } catch (error) {
      notifyFailure('The picture could not be saved', error);
    }
  };

  return (
    <Menu
      position="bottom-end"
      withInitialFocusPlaceholder={false}
      onOpen={() => {
        setLight(wantsLight);
        setDark(isDarkNow());
      }}
    >
      <Menu.Target>
        <ActionIcon
          size="sm"
          aria-label={`${children === undefined ? 'Save' : 'Save or copy'} “${chart.title}”`}
        >
          <EllipsisVertical size={13} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<ImageIcon size={14} aria-hidden />} onClick={() => void save('png')}>
          Save as PNG
        </Menu.Item>
        <Menu.Item leftSection={<FileCode size={14} aria-hidden />} onClick={() => void save('svg')}>
          Save as SVG
        </Menu.Item>
        {dark && (
          <Menu.CheckboxItem
            checked={light}
            closeMenuOnClick={false}
            onChange={(checked) => {
              wantsLight = checked;
              setLight(checked);
            }}
          >
            On a light background
          </Menu.CheckboxItem>
        )}
        {children}
      </Menu.Dropdown>
    </Menu>
  );
}
