import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import type { ShippedModel, ShippedSuite } from '../src/app/shipped.ts';
import { familyIds } from '../src/lab/family/index.ts';
import { graphFiles, loadModel } from '../src/lab/model/load.ts';
import { parseSuite } from '../src/lab/suite/suite.ts';
import { parseCard } from '../workers/card.ts';

/** What the page imports. */
const name = 'virtual:shipped';

/** The folders within a folder that hold this file, by name. */
const foldersWith = (folder: string, file: string) =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((id) => existsSync(join(folder, id, file)))
        .sort()
    : [];

/** Does something with a file's folder; a fault is told with its place, so that a failed build says where. */
function within<T>(folder: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new Error(`${folder}: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

/** Hashes come from the model as the lab reads it: a result's key must be the same before and after the download. */
function readModel(folder: string): ShippedModel {
  return within(folder, () => {
    const text = (file: string) => readFileSync(join(folder, file), 'utf8');
    const { id, title, family, parameters, licence, training, files } = parseCard(text('card.json'));
    const listed = new Set(files.map((file) => file.name));
    const graphs = graphFiles(text('config.json')).map((names) => names.find((file) => listed.has(file)) ?? names[0]);
    const { sha256, tokenizerSha256 } = loadModel({
      graphs: new Map(graphs.map((file) => [file, new Uint8Array(readFileSync(join(folder, file)))])),
      config: text('config.json'),
      tokenizer: text('tokenizer.json'),
      tokenizerConfig: text('tokenizer_config.json'),
    });
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    return { id, title, family, parameters, licence, training, bytes, sha256, tokenizerSha256 };
  });
}

function readSuite(folder: string, id: string): ShippedSuite {
  return within(folder, () => {
    const suite = parseSuite(readFileSync(join(folder, 'suite.json'), 'utf8'));
    const { title, licence, wordings, sha256, relations, tasks, perRelation } = suite;
    const most = perRelation ?? Number.POSITIVE_INFINITY;
    const asked = relations.map(({ facts }) => facts.filter(({ frequency }) => frequency !== 0).length);
    const probes =
      asked.reduce((sum, facts) => sum + Math.min(facts, most), 0) +
      tasks.reduce((sum, { items }) => sum + items.length, 0);
    const names = [...relations, ...tasks].map((asked): [string, string] => [asked.id, asked.label]);
    return {
      id,
      title,
      kind: tasks.length > 0 ? 'tasks' : 'facts',
      licence,
      wordings,
      probes,
      sha256,
      relations: names,
    };
  });
}

/**
 * What lies in public/models and public/suites: models by family and size, suites of facts before those of tasks.
 *
 * @param folder the public folder
 */
export function readShipped(folder: string): { models: ShippedModel[]; suites: ShippedSuite[] } {
  const models = join(folder, 'models');
  const suites = join(folder, 'suites');
  return {
    models: foldersWith(models, 'card.json')
      .map((id) => readModel(join(models, id)))
      .sort((a, b) => familyIds.indexOf(a.family) - familyIds.indexOf(b.family) || a.parameters - b.parameters),
    suites: foldersWith(suites, 'suite.json')
      .map((id) => readSuite(join(suites, id), id))
      .sort((a, b) => a.kind.localeCompare(b.kind)),
  };
}

/** Vite's plugin: tells the page at build time which models and suites it ships. A new folder needs nothing else. */
export function shipped(): Plugin {
  let folder = '';
  return {
    name: 'lossy-shipped',
    configResolved({ publicDir }) {
      folder = publicDir;
    },
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    load(id) {
      if (id !== `\0${name}`) return;
      const { models, suites } = readShipped(folder);
      for (const model of models) this.addWatchFile(join(folder, 'models', model.id, 'card.json'));
      for (const suite of suites) this.addWatchFile(join(folder, 'suites', suite.id, 'suite.json'));
      return `export const models = ${JSON.stringify(models)};\nexport const suites = ${JSON.stringify(suites)};`;
    },
  };
}
