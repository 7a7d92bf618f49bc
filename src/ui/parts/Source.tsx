import { Anchor } from '@mantine/core';
import { suiteOf } from '../../app/shipped.ts';
import { source as texts } from '../texts/parts.ts';
import { count } from './format.ts';
import classes from './parts.module.css';

interface ModelProps {
  title: string;
  training: string;
  licence: string;
  sha256: string;
}

/** Where a model comes from. */
export function ModelSource({ title, training, licence, sha256 }: ModelProps) {
  return texts.model(title, training, licence, sha256.slice(0, 16));
}

interface SuiteProps {
  id: string;
  title: string;
  licence: string;
  sha256: string;
  /** What cannot be asked of the models, and why. */
  skipped: readonly { reason: string; count: number }[];
}

/** Where questions come from, and what of them is not asked. */
export function SuiteSource({ id, title, licence, sha256, skipped }: SuiteProps) {
  const left = skipped.reduce((sum, entry) => sum + entry.count, 0);
  return (
    <details className={classes.inline}>
      <summary>{texts.suite(title, left === 0 ? null : count(left))}</summary>
      {texts.licence(licence)}
      {suiteOf(id) && (
        <>
          {' ('}
          <Anchor size="xs" href={`./suites/${id}/LICENSE`} target="_blank">
            {texts.licences}
          </Anchor>
          )
        </>
      )}
      {texts.hash(sha256.slice(0, 16))}
      {left > 0 && (
        <ul>
          {skipped.map(({ reason, count: times }) => (
            <li key={reason}>{texts.skipped(count(times), reason)}</li>
          ))}
        </ul>
      )}
    </details>
  );
}
