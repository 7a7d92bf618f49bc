import { Text } from '@mantine/core';
import { entryOf } from '../../../app/recipe/catalogue.ts';
import { levelsOf } from '../../../app/recipe/curve.ts';
import { setLevel } from '../../../app/views/explore/edit.ts';
import { useExplore } from '../../../app/views/explore/explore-store.ts';
import { LevelSlider } from '../../parts/controls/LevelSlider.tsx';
import { levelSlider as texts } from '../../texts/controls.ts';

/** More sliders than this are drawn smaller, so that what follows them stays in sight. */
const mostTall = 2;

/** The slider of one step: from leaving it out to its strongest level. */
export function StepSlider({ index }: { index: number }) {
  const step = useExplore((state) => state.choice.steps[index]);
  const isAxis = useExplore((state) => state.choice.axis === index);
  const of = useExplore((state) => state.choice.steps.length);
  const { axisLabel, label, term } = entryOf(step.method);
  const isSmall = of > mostTall;
  const note = of > 1 && (
    <>
      {texts.step(index + 1)}
      {/* The list of steps has the plain words; the terms are shorter, and on a phone the number has to do. */}
      <Text span visibleFrom="sm">
        {texts.method(isSmall ? term : label)}
      </Text>
      {texts.end(isAxis)}
    </>
  );
  return (
    <LevelSlider
      title={axisLabel}
      note={note}
      levels={levelsOf(step)}
      value={step.level}
      isSmall={isSmall}
      onChange={(level) => setLevel(index, level)}
    />
  );
}
