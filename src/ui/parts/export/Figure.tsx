import { ActionIcon, Menu } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { type ReactNode, useRef, useState } from 'react';
import { complain } from '../../../app/page/notices.ts';
import { fileName, saveFile } from '../../../app/page/save-file.ts';
import { type Cited, citationOf } from '../../../app/projection/citation.ts';
import type { CsvCell } from '../../../app/projection/csv.ts';
import { figure as texts } from '../../texts/figure.ts';
import classes from './export.module.css';

interface Props {
  /** What is exported is asked for when it is: nothing is made that nobody wants. */
  cited: () => Cited;
  /** The numbers of the chart, a row each. */
  rows: () => readonly Readonly<Record<string, CsvCell>>[];
  /** Commands that compute the same in a terminal. */
  commands?: () => readonly string[];
  /** A recharts chart, or anything else with one svg in it. */
  children: ReactNode;
}

/** A chart that can be taken out of the page: as a picture, as numbers, as a reference, as a command. */
export function Figure({ cited, rows, commands, children }: Props) {
  const content = useRef<HTMLDivElement>(null);
  const [said, setSaid] = useState('');
  const chart = () => content.current?.querySelector<SVGSVGElement>('svg.recharts-surface, svg') ?? null;

  const draw = async () => {
    const svg = chart();
    if (!svg) return null;
    const { copyChart, toPng } = await import('./svg.ts');
    const about = cited();
    return { drawing: copyChart(svg, about.title, citationOf(about)), toPng, title: about.title };
  };
  const tell = (work: () => Promise<string>) => () => {
    work().then(setSaid, complain);
  };
  const saved = (name: string) => texts.saved(name);
  const savePng = async () => {
    const drawn = await draw();
    if (!drawn) return texts.noChart;
    const name = fileName(drawn.title, 'png');
    saveFile(name, await drawn.toPng(drawn.drawing));
    return saved(name);
  };
  const saveSvg = async () => {
    const drawn = await draw();
    if (!drawn) return texts.noChart;
    const name = fileName(drawn.title, 'svg');
    saveFile(name, drawn.drawing.svg, 'image/svg+xml');
    return saved(name);
  };
  const saveCsv = async () => {
    const { toCsv } = await import('../../../app/projection/csv.ts');
    const name = fileName(cited().title, 'csv');
    saveFile(name, toCsv(rows()), 'text/csv');
    return saved(name);
  };
  const copy = (text: () => string) =>
    tell(async () => {
      await navigator.clipboard.writeText(text());
      return texts.copied;
    });

  return (
    <div className={classes.figure}>
      <div ref={content}>{children}</div>
      <div className={`${classes.menu} lossy-figure-menu`}>
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" size={32} aria-label={texts.menu} title={texts.menu}>
              <IconDownload size={18} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={tell(savePng)}>{texts.png}</Menu.Item>
            <Menu.Item onClick={tell(saveSvg)}>{texts.svg}</Menu.Item>
            <Menu.Item onClick={tell(saveCsv)}>{texts.csv}</Menu.Item>
            <Menu.Item onClick={copy(() => citationOf(cited()))}>{texts.citation}</Menu.Item>
            {commands && <Menu.Item onClick={copy(() => commands().join('\n'))}>{texts.command}</Menu.Item>}
          </Menu.Dropdown>
        </Menu>
        <span role="status" className={classes.said}>
          {said}
        </span>
      </div>
    </div>
  );
}
