import type { UserFile } from '../../../workers/api.ts';
import { LabError, type PlainError } from '../../lab/errors.ts';
import { usePage } from '../page/page.ts';
import type { SuiteOffer } from '../recipe/offers.ts';
import { suiteOf } from '../shipped.ts';
import { isUserSuite } from '../storage/user-suite-id.ts';
import type { UserSuite } from '../storage/user-suites.ts';
import { LabClient } from './client.ts';
import { userSuites } from './coordinator.ts';
import type { Files } from './evaluator.ts';

/** A suite that can be chosen, shipped or brought. */
export const offerOf = (id: string): SuiteOffer | undefined =>
  suiteOf(id) ?? usePage.getState().userSuites.find((entry) => entry.id === id);

/** What the worker opens. @throws LabError `bad-suite` where the files of an own suite are not on this machine */
export async function filesOf({ model, suite }: { model: string; suite: string }): Promise<Files> {
  return isUserSuite(suite) ? { model, suite, userSuite: await userSuites.read(suite) } : { model, suite };
}

/** Lists what the visitor brought, here or on an earlier visit. */
export async function listUserSuites(): Promise<void> {
  usePage.setState({ userSuites: await userSuites.list() });
}

let importing: LabClient | undefined;

async function bringSuite(files: readonly UserFile[]): Promise<UserSuite> {
  if (files.length === 0)
    throw new LabError('bad-suite', 'There is no file in what was chosen.', 'Choose a folder, a zip or a file.');
  stopImport();
  const client = new LabClient();
  importing = client;
  try {
    const suite = await client.call((lab) => lab.importSuite(files, nameOf(files)));
    const entry = await userSuites.add(suite);
    await listUserSuites();
    return entry;
  } finally {
    client.restart();
    if (importing === client) importing = undefined;
  }
}

/**
 * Reads the visitor's files in a worker of their own, so that nothing that is computed waits for them, and keeps them.
 * They never leave the machine.
 *
 * @returns what was kept, or what is wrong with which line of which file; `cancelled` where {@link stopImport} was called
 */
export async function addUserSuite(files: readonly UserFile[]): Promise<{ entry: UserSuite } | { error: PlainError }> {
  try {
    return { entry: await bringSuite(files) };
  } catch (error) {
    return { error: LabError.from(error).toJSON() };
  }
}

/** Gives up reading files. */
export const stopImport = () => importing?.restart();

/** Forgets a suite that the visitor brought. */
export async function removeUserSuite(id: string): Promise<void> {
  await userSuites.remove(id);
  await listUserSuites();
}

/** What to call a suite: the folder's name, or the file's without its ending. */
function nameOf(files: readonly UserFile[]): string {
  const [first] = files[0].path.split('/');
  const isFolder = files.length > 1 || files[0].path.includes('/');
  return isFolder && files.every(({ path }) => path.startsWith(`${first}/`)) ? first : first.replace(/\.[^.]+$/, '');
}
