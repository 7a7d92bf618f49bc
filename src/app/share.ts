import { longestLink } from './fragment.ts';
import { type Comparison, compareOutcomes, toLinked } from './level.ts';
import { writeLink } from './link.ts';
import type { LinkedResults } from './packed.ts';
import { linkedPoints } from './shown.ts';
import { useLab } from './store.ts';

/** The share link of what is shown, with the results in it unless they are more than an address holds. */
export function shareLink(): { link: string; hasResults: boolean } | null {
  const { choice, view, opened, probes, baseline, points, link } = useLab.getState();
  const base = `${location.origin}${location.pathname}`;
  if (link && !link.comparisons) return { link: `${base}#${writeLink(choice, view, link.results)}`, hasResults: true };
  if (!opened || !probes || !baseline.result) return null;
  const results: LinkedResults = {
    model: { sha256: opened.model.sha256, title: opened.model.title },
    suite: { sha256: opened.suite.sha256, title: opened.suite.title },
    relations: probes.relations,
    baseline: toLinked(baseline.result, 0, probes.order),
    levels: points.flatMap(({ level, result }) => (result ? [toLinked(result, level, probes.order)] : [])),
  };
  const whole = writeLink(choice, view, results);
  const hasResults = whole.length <= longestLink;
  return { link: `${base}#${hasResults ? whole : writeLink(choice, view)}`, hasResults };
}

/** Sets what was computed here beside what the link brought. */
export function compareWithLink(onCompared: () => void): void {
  const { link, points, baseline } = useLab.getState();
  if (!link) return;
  const linked = linkedPoints(link.results);
  const comparisons = [
    { level: -1, label: 'uncompressed', link: linked.baseline, own: baseline.result },
    ...points.map(({ level, label, result }) => ({ level, label, link: linked.levels.get(level), own: result })),
  ].flatMap(({ level, label, link: theirs, own }): Comparison[] =>
    theirs && own ? [{ level, label, ...compareOutcomes(theirs, own) }] : [],
  );
  useLab.setState({ link: { ...link, comparisons } });
  onCompared();
}
