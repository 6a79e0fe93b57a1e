import { ActionIcon, Menu } from '@mantine/core';
import { ClipboardCopy, EllipsisVertical, FileCode, Image as ImageIcon } from 'lucide-react';
import { useRef, useState } from 'react';
import type { SeriesSource } from '../charts/series.ts';
import { notifyFailure } from '../data/notify.tsx';
import { copyReport, type ShownChart, savePicture } from './chart-exports.ts';
import { isDarkNow } from './picture/theme-palette.ts';
import { copyAndTell } from './report-notices.tsx';
import type { Subject } from './subject.ts';

interface Props {
  definition: ShownChart['definition'];
  source: SeriesSource;
  findSubject(): Promise<Subject>;
}

/** Holds for every chart until the page is closed. */
let wantsLight = false;

/** What can be made of one chart; stands in the chart's header. */
export function ChartMenu({ definition, source, findSubject }: Props) {
  const target = useRef<HTMLButtonElement>(null);
  const [light, setLight] = useState(wantsLight);
  const [dark, setDark] = useState(false);

  // A copy: a live view's buckets go on changing.
  const shown = (): ShownChart => {
    const view = source.view();
    return { definition, view: { ...view, buckets: [...view.buckets] }, ...shownIn(target.current) };
  };
  const save = async (format: 'png' | 'svg') => {
    const chart = shown();
    try {
      await savePicture(chart, await findSubject(), format, light && dark ? 'light' : 'current');
    } catch (error) {
      notifyFailure('The picture could not be saved', error);
    }
  };
  const copy = () => {
    const chart = shown();
    return copyAndTell(async () => copyReport(await findSubject(), chart.view, chart));
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
        <ActionIcon ref={target} size={20} aria-label={`Save or copy “${definition.title}”`}>
          <EllipsisVertical size={14} aria-hidden />
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
        <Menu.Divider />
        <Menu.Item leftSection={<ClipboardCopy size={14} aria-hidden />} onClick={() => void copy()}>
          Copy as Markdown
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** Which series the chart around the menu hides, and how wide it is. */
function shownIn(menu: HTMLElement | null): Pick<ShownChart, 'hidden' | 'widthPx'> {
  const card = menu?.closest('section');
  const off = card?.querySelectorAll<HTMLElement>('[aria-pressed="false"] [data-readout]') ?? [];
  const keys = Array.from(off, ({ dataset }) => dataset.readout ?? '');
  return { hidden: new Set(keys), widthPx: card?.getBoundingClientRect().width ?? 0 };
}
