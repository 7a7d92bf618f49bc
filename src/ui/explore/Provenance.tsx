import { Text } from '@mantine/core';
import { useLab } from '../../app/store.ts';
import { count } from '../parts/format.ts';
import classes from '../parts/parts.module.css';

/** Where the model and the facts come from, and what of them is not asked. */
export function Provenance() {
  const opened = useLab((state) => state.opened);
  const skipped = useLab((state) => state.probes?.skipped);
  if (!opened) return null;
  const { model, suite } = opened;
  const left = skipped?.reduce((sum, entry) => sum + entry.count, 0) ?? 0;
  return (
    <Text component="section" size="xs" c="dimmed" aria-label="Where this comes from">
      {model.title}: {model.training} Licence {model.licence}. SHA-256 {model.sha256.slice(0, 16)}….{' '}
      <details className={classes.inline}>
        <summary>
          {suite.title}: {left === 0 ? 'nothing left out' : `${count(left)} left out for this model`}, licence
        </summary>
        Licence: {suite.licence}. SHA-256 {suite.sha256.slice(0, 16)}….
        {skipped && left > 0 && (
          <ul>
            {skipped.map(({ reason, count: times }) => (
              <li key={reason}>
                {count(times)}: {reason}
              </li>
            ))}
          </ul>
        )}
      </details>
    </Text>
  );
}
