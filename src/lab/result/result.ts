import type { Recipe } from '../compress/recipe.ts';
import type { SiteReconstruction } from '../compress/reconstruction.ts';
import type { Report, Size } from '../compress/size.ts';
import { summarise } from '../metrics/summary.ts';
import type { TaskScore } from '../metrics/tasks.ts';
import type { Model } from '../model/load.ts';
import type { Answers, ProbeSet } from '../probe/probes.ts';
import type { Skipped, Suite, Wording } from '../suite/suite.ts';
import type { Kept } from './kept.ts';
import { resultKey } from './key.ts';

/** One level's result as JSON: what the command line prints, `lossy.run` returns and files hold. */
export interface Result {
  key: string;
  model: { name: string; sha256: string; family: string; parameters: number };
  suite: { name: string; sha256: string };
  template: Wording;
  recipe: Recipe;
  /** Which answers count, and what was left out for that and other reasons. */
  answers: Answers;
  skipped: Skipped[];
  /** Probes asked, and of these the ones whose best accepted word came first. */
  probes: number;
  hits: number;
  /** P@1 = hits / probes, with its 95 % Wilson interval. */
  accuracy: number;
  interval: [low: number, high: number];
  precision: { k: number; hits: number; share: number; low: number; high: number }[];
  mrr: number;
  macro: { share: number; low: number; high: number };
  /** Relation → [hits, probes]. */
  relations: Record<string, [hits: number, probes: number]>;
  /** Of the weights that the recipe touched (of all sites where it is empty); bytes of the whole model beside it. */
  report: Size & {
    model: Pick<Size, 'parameters' | 'sparsity' | 'bytes'>;
    sites: Report['sites'];
    /** Where it was asked for: how far the outputs of each changed layer are from what they were. */
    reconstruction?: SiteReconstruction[];
  };
  /** For tasks: the LM harness's numbers of each (accuracy, by character, perplexity). */
  tasks?: Record<string, TaskScore>;
  /** Where it was asked for: every answer, and what else the page keeps. */
  kept?: Kept;
  /** What computed it, and how long it took. */
  backend: string;
  seconds: number;
}

export interface ResultParts {
  model: Pick<Model, 'sha256' | 'tokenizerSha256' | 'family' | 'parameters'> & { name: string };
  suite: Pick<Suite, 'sha256'> & { name: string };
  probes: Pick<ProbeSet, 'template' | 'relations' | 'skipped'>;
  recipe: Recipe;
  /** `single-token` if not given. */
  answers?: Answers;
  /** Set for tasks: the harness's own numbers of each. */
  tasks?: Record<string, TaskScore>;
  kept?: Kept;
  report: Report;
  reconstruction?: SiteReconstruction[];
  /** Rank of every probe; 0 where it was not asked. */
  ranks: Uint32Array;
  backend: string;
  seconds: number;
}

/** Puts a result together. */
export function makeResult(parts: ResultParts): Result {
  const { model, suite, probes, recipe, answers = 'single-token', report, ranks, backend, seconds } = parts;
  const summary = summarise(ranks, probes.relations);
  const [first] = summary.precision;
  const { parameters, zeros, sparsity, bitsPerWeight, snrDb, mse, bytes } = report.touched ?? report.total;
  const { total } = report;
  return {
    key: resultKey({ model, suite, template: probes.template, recipe, answers }),
    model: { name: model.name, sha256: model.sha256, family: model.family, parameters: model.parameters },
    suite: { name: suite.name, sha256: suite.sha256 },
    template: probes.template,
    recipe,
    answers,
    skipped: probes.skipped,
    probes: summary.probes,
    hits: first.hits,
    accuracy: first.share,
    interval: [first.low, first.high],
    precision: summary.precision,
    mrr: summary.mrr,
    macro: summary.macro,
    relations: Object.fromEntries(
      summary.relations.filter(({ probes }) => probes > 0).map(({ id, hits, probes }) => [id, [hits, probes]]),
    ),
    report: {
      parameters,
      zeros,
      sparsity,
      bitsPerWeight,
      snrDb,
      mse,
      bytes,
      model: { parameters: total.parameters, sparsity: total.sparsity, bytes: total.bytes },
      sites: report.sites,
      ...(parts.reconstruction && { reconstruction: parts.reconstruction }),
    },
    ...(parts.tasks && { tasks: parts.tasks }),
    ...(parts.kept && { kept: parts.kept }),
    backend,
    seconds,
  };
}
