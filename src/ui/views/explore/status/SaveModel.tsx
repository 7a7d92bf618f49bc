import { Skeleton } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import type { ExportFormatId } from '../../../../app/run/export.ts';
import { currentPoint, useExplore } from '../../../../app/views/explore/explore-store.ts';
import { Disclosure } from '../../../parts/Disclosure.tsx';
import { exportModel as texts } from '../../../texts/export.ts';

// Few take a model along: it comes when somebody asks for it.
const ExportButton = lazy(() =>
  import('../../../parts/export/ExportButton.tsx').then((module) => ({ default: module.ExportButton })),
);

/** Offers the model as it is at the level that the slider stands on. */
export function SaveModel() {
  const model = useExplore(({ choice }) => choice.model);
  const suite = useExplore(({ choice }) => choice.suite);
  const recipe = useExplore((state) => currentPoint(state)?.recipe);
  const [wasOpened, setOpened] = useState(false);
  const [format, setFormat] = useState<ExportFormatId>('onnx');
  if (!recipe) return null;
  return (
    <Disclosure title={texts.title} onToggle={() => setOpened(true)}>
      {wasOpened && (
        <Suspense fallback={<Skeleton height={116} mt="xs" animate={false} />}>
          <ExportButton key={model} model={model} suite={suite} recipe={recipe} format={format} onFormat={setFormat} />
        </Suspense>
      )}
    </Disclosure>
  );
}
