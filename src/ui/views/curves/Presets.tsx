import { Text } from '@mantine/core';
import { setPreset } from '../../../app/views/curves/curves.ts';
import { useCurves } from '../../../app/views/curves/curves-store.ts';
import { presetIds, presetOf } from '../../../app/views/curves/presets.ts';
import { Hint } from '../../parts/Hint.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { curves as texts } from '../../texts/curves.ts';
import classes from './curves.module.css';
import { sentenceOf } from './says.ts';

/** The paper's experiments, to be chosen. */
export function PresetList() {
  const chosen = useCurves((state) => state.choice.preset);
  return (
    <Panel title={texts.presets}>
      <Hint mb="xs">{texts.presetsNote}</Hint>
      <ul className={classes.presets}>
        {presetIds.map((id) => (
          <li key={id}>
            <button
              type="button"
              className={classes.preset}
              aria-current={id === chosen || undefined}
              onClick={() => setPreset(id)}
            >
              {texts.preset[id].title}
              <Text span size="xs" display="block" c="dimmed">
                {texts.section(presetOf(id).section)}
              </Text>
            </button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** What an experiment asks, what is set for it, and what came out: here, and apart from that in the paper. */
export function PresetCard() {
  const id = useCurves((state) => state.choice.preset);
  const says = useCurves((state) => state.says);
  if (id === null) return null;
  const { title, question, sets, found } = texts.preset[id];
  return (
    <Panel
      title={title}
      aside={
        <Text size="sm" c="dimmed">
          {texts.section(presetOf(id).section)}
        </Text>
      }
    >
      <dl className={classes.about}>
        <dt>{texts.asked}</dt>
        <dd>{question}</dd>
        <dt>{texts.setsHead}</dt>
        <dd>{sets}</dd>
        <dt>{texts.shows}</dt>
        <dd className="lossy-numbers">{says && sentenceOf(says)}</dd>
        <dt>{texts.foundHead}</dt>
        <dd>{found}</dd>
      </dl>
    </Panel>
  );
}
