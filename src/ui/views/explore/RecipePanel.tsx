import { familyOfChoice } from '../../../app/recipe/offers.ts';
import { addStep, duplicateStep, moveStep, removeStep, setStep } from '../../../app/views/explore/edit.ts';
import { useExplore } from '../../../app/views/explore/explore-store.ts';
import { type StepEdit, StepList } from '../../parts/controls/StepList.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { steps as texts } from '../../texts/controls.ts';

/** The steps of Explore's recipe. */
export function RecipePanel() {
  const steps = useExplore((state) => state.choice.steps);
  const family = useExplore((state) => familyOfChoice(state.choice));
  const model = useExplore((state) => state.opened?.model ?? null);
  return (
    <Panel title={texts.title}>
      <StepList label={texts.list} steps={steps} family={family} model={model} edit={exploreEdit} />
    </Panel>
  );
}

const exploreEdit: StepEdit = {
  set: setStep,
  add: addStep,
  duplicate: duplicateStep,
  remove: removeStep,
  move: moveStep,
};
