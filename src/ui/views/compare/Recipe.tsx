import { Button, Select, Stack, Text } from '@mantine/core';
import { useMemo } from 'react';
import { describeRecipe, entryOf } from '../../../app/recipe/catalogue.ts';
import { levelsOf } from '../../../app/recipe/curve.ts';
import { familyOfChoice } from '../../../app/recipe/offers.ts';
import { editOf, setLevel, takeKept } from '../../../app/views/compare/compare.ts';
import { fewestRecipes, sides } from '../../../app/views/compare/compare-choice.ts';
import { useCompare } from '../../../app/views/compare/compare-store.ts';
import { LevelSlider } from '../../parts/controls/LevelSlider.tsx';
import { StepList } from '../../parts/controls/StepList.tsx';
import { count } from '../../parts/format.ts';
import { Panel } from '../../parts/Panel.tsx';
import { compare as texts } from '../../texts/compare.ts';

/** One of the recipes: its sliders, its steps, and the kept results to take it from. */
export function Recipe({ at, onRemove }: { at: number; onRemove: () => void }) {
  const side = sides[at];
  const steps = useCompare((state) => state.choice.recipes[at]);
  const isRemovable = useCompare((state) => state.choice.recipes.length > fewestRecipes);
  const family = useCompare((state) => familyOfChoice(state.choice));
  const kept = useCompare((state) => state.kept);
  const edit = useMemo(() => editOf(at), [at]);
  return (
    <Panel
      title={texts.recipe(side)}
      aside={
        isRemovable && (
          <Button size="compact-xs" variant="default" aria-label={texts.remove(side)} onClick={onRemove}>
            {texts.removeShort}
          </Button>
        )
      }
    >
      <Stack gap="sm">
        {steps.length === 0 && <Text size="sm">{texts.uncompressed}</Text>}
        {steps.map((step, index) => (
          <LevelSlider
            key={`${index} ${step.method}`}
            title={entryOf(step.method).axisLabel}
            note={texts.sliderNote(side, index + 1, steps.length)}
            levels={levelsOf(step)}
            value={step.level}
            isSmall
            onChange={(level) => setLevel(at, index, level)}
          />
        ))}
        <StepList label={texts.steps(side)} steps={steps} family={family} model={null} edit={edit} />
        {kept.length > 0 && (
          <Select
            label={texts.kept}
            placeholder={texts.keptHint}
            searchable
            value={null}
            data={kept.map(({ key, recipe, asked }) => ({
              value: key,
              label: `${describeRecipe(recipe)} (n = ${count(asked)})`,
            }))}
            onChange={(key) => {
              const entry = kept.find((other) => other.key === key);
              if (entry) takeKept(at, entry);
            }}
          />
        )}
      </Stack>
    </Panel>
  );
}
