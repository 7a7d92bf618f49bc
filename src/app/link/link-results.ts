import * as link from '../../lab/result/link.ts';
import { models, suites } from '../shipped.ts';

export { badLink, inflate, type LinkedLevel, type LinkedResults, misfit } from '../../lab/result/link.ts';

const shipped: link.Shipped = {
  model: (sha256) => models.find((model) => model.sha256 === sha256),
  suite: (sha256) => suites.find((suite) => suite.sha256 === sha256),
};

/** Packs a curve's results for a link, without the names that this lab ships. */
export const pack = (results: link.LinkedResults, curve: string): string => link.pack(results, curve, shipped);

/** Unpacks and checks a link's results. @throws LabError `bad-link` */
export const unpack = (text: string, curve: string): link.LinkedResults => link.unpack(text, curve, shipped);
