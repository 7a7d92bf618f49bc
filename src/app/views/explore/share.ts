import { pageAddress, type Shared, share } from '../../link/sharing.ts';
import { type Comparison, compareOutcomes, toLinkedResults } from '../../projection/level-result.ts';
import { linkedPoints } from '../../projection/linked-points.ts';
import { writeExploreLink } from './explore-link.ts';
import { useExplore } from './explore-store.ts';

/** The link of what is shown, with the results in it; null before there are any. */
export function shareLink(): Shared | null {
  const { choice, view, opened, layout, baseline, points, link } = useExplore.getState();
  const base = `${pageAddress()}#`;
  if (link && !link.comparisons) {
    const asked = Math.max(link.results.baseline.asked, ...link.results.levels.map((level) => level.asked));
    return share((most) => {
      if (most === 0) return base + writeExploreLink(choice, view);
      return most === asked ? base + writeExploreLink(choice, view, link.results) : null;
    }, asked);
  }
  if (!opened || !layout || !baseline.result) return null;
  const { result } = baseline;
  const header = {
    model: { sha256: opened.model.sha256, title: opened.model.title },
    suite: { sha256: opened.suite.sha256, title: opened.suite.title },
    relations: [...layout.relations],
  };
  const asked = Math.max(result.summary.probes, ...points.map((point) => point.result?.summary.probes ?? 0));
  return share((most) => {
    if (most === 0) return base + writeExploreLink(choice, view);
    const results = toLinkedResults(header, { baseline: result, points }, layout.order, most);
    return results && base + writeExploreLink(choice, view, results);
  }, asked);
}

/** Sets what was computed here beside what the link brought. */
export function compareWithLink(onCompared: () => void): void {
  const { link, points, baseline } = useExplore.getState();
  if (!link) return;
  const linked = linkedPoints(link.results);
  const comparisons = [
    { level: -1, label: 'uncompressed', link: linked.baseline, own: baseline.result },
    ...points.map(({ level, label, result }) => ({ level, label, link: linked.levels.get(level), own: result })),
  ].flatMap(({ level, label, link: theirs, own }): Comparison[] =>
    theirs && own ? [{ level, label, ...compareOutcomes(theirs, own) }] : [],
  );
  useExplore.setState({ link: { ...link, comparisons } });
  onCompared();
}
