/// <reference path="./virtual.d.ts" />
import { models, suites } from 'virtual:shipped';
import { familyIds } from '../lab/family/index.ts';
import type { FamilyId } from '../lab/model/site.ts';
import type { Wording } from '../lab/suite/suite.ts';

/** A model that lies beside the page, known without reading it. */
export interface ShippedModel {
  id: string;
  title: string;
  family: FamilyId;
  parameters: number;
  licence: string;
  /** How it was trained, in plain words. */
  training: string;
  /** Bytes of all its files: what a first visit downloads. */
  bytes: number;
  sha256: string;
  tokenizerSha256: string;
}

/** A suite that lies beside the page, known without reading it. */
export interface ShippedSuite {
  id: string;
  title: string;
  kind: 'facts' | 'tasks';
  licence: string;
  wordings: readonly Wording[];
  /** Facts of its first wording, or documents; which of them a model can be asked depends on its vocabulary. */
  probes: number;
  sha256: string;
  /** Ids and labels of its relations or tasks, in the suite's order. */
  relations: readonly (readonly [id: string, label: string])[];
}

export { models, suites };

/** The shipped model of this id. */
export const modelOf = (id: string): ShippedModel | undefined => models.find((model) => model.id === id);

/** The shipped suite of this id. */
export const suiteOf = (id: string): ShippedSuite | undefined => suites.find((suite) => suite.id === id);

/** The shipped models of a family, the smallest first. */
export const modelsOf = (family: FamilyId): ShippedModel[] => models.filter((model) => model.family === family);

/** The families of which a model is shipped. */
export const shippedFamilies: readonly FamilyId[] = familyIds.filter((family) => modelsOf(family).length > 0);

/** The first of these that is shipped; otherwise the first of all. A first visit loads this one: it should be small. */
export function pickModel(wanted: readonly string[], among: readonly ShippedModel[] = models): string {
  return wanted.find((id) => among.some((model) => model.id === id)) ?? among[0]?.id ?? wanted[0];
}

/** Likewise for suites. */
export function pickSuite(wanted: readonly string[]): string {
  return wanted.find((id) => suiteOf(id)) ?? suites[0]?.id ?? wanted[0];
}
