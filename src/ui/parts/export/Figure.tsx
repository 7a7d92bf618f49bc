import { ActionIcon, Menu, Skeleton } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { type ReactNode, Suspense, useRef, useState } from 'react';
import { complain } from '../../../app/page/notices.ts';
import { fileName, saveFile } from '../../../app/page/save-file.ts';
import { figure as texts } from '../../texts/figure.ts';
import classes from './export.module.css';
import { type Exports, textsOf } from './exports.ts';

interface Props extends Exports {
  /** Of a chart that is loaded when first drawn, in CSS pixels: its place is kept free. */
  height?: number;
  /** A recharts chart, or anything else with one svg in it. */
  children: ReactNode;
}

/** A chart that can leave the page: as a picture, as numbers, as a citation, as commands. */
export function Figure({ height, children, ...exports }: Props) {
  const { cited } = exports;
  const { csv, citation, commands } = textsOf(exports);
  const drawing = useRef<HTMLDivElement>(null);
  const [message, setMessage] = useState('');
  /** Shows what came of an action. */
  const report = (work: () => Promise<string>) => () => {
    work().then(setMessage, complain);
  };
  const save = (extension: string, content: Blob | string, type?: string) => {
    const name = fileName(cited().title, extension);
    saveFile(name, content, type);
    return texts.saved(name);
  };
  const draw = async () => {
    const svg = drawing.current?.querySelector<SVGSVGElement>('svg.recharts-surface, svg');
    if (!svg) return null;
    const { copyChart, toPng } = await import('./svg.ts');
    return { file: copyChart(svg, cited().title, citation()), toPng };
  };
  const savePng = async () => {
    const drawn = await draw();
    return drawn ? save('png', await drawn.toPng(drawn.file)) : texts.noChart;
  };
  const saveSvg = async () => {
    const drawn = await draw();
    return drawn ? save('svg', drawn.file.svg, 'image/svg+xml') : texts.noChart;
  };
  const saveCsv = async () => save('csv', await csv(), 'text/csv');
  const copy = (text: () => string) =>
    report(async () => {
      await navigator.clipboard.writeText(text());
      return texts.copied;
    });

  return (
    <div className={classes.figure}>
      <div ref={drawing}>
        {height === undefined ? children : <Suspense fallback={<Skeleton height={height} />}>{children}</Suspense>}
      </div>
      <div className={`${classes.menu} lossy-figure-menu`}>
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" size={32} aria-label={texts.menu} title={texts.menu}>
              <IconDownload size={18} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={report(savePng)}>{texts.png}</Menu.Item>
            <Menu.Item onClick={report(saveSvg)}>{texts.svg}</Menu.Item>
            <Menu.Item onClick={report(saveCsv)}>{texts.csv}</Menu.Item>
            <Menu.Item onClick={copy(citation)}>{texts.citation}</Menu.Item>
            {commands && <Menu.Item onClick={copy(commands)}>{texts.command}</Menu.Item>}
          </Menu.Dropdown>
        </Menu>
        <span role="status" className={classes.said}>
          {message}
        </span>
      </div>
    </div>
  );
}
