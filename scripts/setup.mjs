// What a bare machine with only Node lacks: packages, a browser, a build. Run by plain Node, so it imports no package
// before ensurePackages() has put it there. Everything printed goes to stderr: stdout belongs to the commands.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** @param {string} text */
export const say = (text) => process.stderr.write(`${text}\n`);

/**
 * Runs a program with its output on stderr.
 * @param {string} program
 * @param {string[]} args
 * @param {string} [folder] the project's by default
 * @returns {boolean} whether it ended with code 0
 */
export function run(program, args, folder = root) {
  say(`> ${program} ${args.join(' ')}`);
  // npm and npx are .cmd files on Windows, which only a shell starts.
  const shell = process.platform === 'win32';
  // onnxruntime-node would fetch libraries for NVIDIA cards, which its tests here do not need and a school may not reach.
  const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' };
  return spawnSync(program, args, { cwd: folder, stdio: ['ignore', 2, 2], shell, env }).status === 0;
}

/**
 * The packages of a lock file: path → entry.
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean }>}
 */
const lockedPackages = (file) => JSON.parse(readFileSync(join(root, file), 'utf8')).packages;

/** Whether node_modules holds the locked versions. By content: file times mean nothing after a checkout. */
function packagesAreCurrent() {
  if (!existsSync(join(root, 'node_modules/.package-lock.json'))) return false;
  const installed = lockedPackages('node_modules/.package-lock.json');
  return Object.entries(lockedPackages('package-lock.json')).every(([path, { version, optional }]) => {
    if (path === '') return true;
    const found = installed[path];
    // Builds for other systems are optional and stay absent.
    return found ? found.version === version : optional === true;
  });
}

/** Installs the locked packages if they are missing or others; milliseconds otherwise. Throws if npm fails. */
export function ensurePackages() {
  if (packagesAreCurrent()) return;
  say('Installing packages (once) ...');
  if (!run('npm', ['ci'])) throw new Error('npm ci failed: check the network, then run the command again.');
}

/** @returns {string[]} where systems keep Chromium or Chrome */
function knownBrowsers() {
  if (process.platform === 'darwin') {
    return [
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
    ];
  }
  if (process.platform === 'win32') {
    return [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA]
      .filter((folder) => folder !== undefined)
      .map((folder) => join(folder, 'Google/Chrome/Application/chrome.exe'));
  }
  return ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].map((name) => `/usr/bin/${name}`);
}

/**
 * Whether the file is a browser that starts. Ubuntu's chromium-browser is often only a hint to install a snap.
 * @param {string} path
 */
function starts(path) {
  if (!existsSync(path)) return false;
  // Chrome for Windows and macOS opens a window when asked for its version.
  return process.platform !== 'linux' || spawnSync(path, ['--version'], { stdio: 'ignore' }).status === 0;
}

/**
 * A Chromium of this machine: that of LOSSY_CHROMIUM, the system's, or Playwright's own. Needs the packages.
 * @returns {Promise<{ executablePath: string | undefined } | undefined>} undefined: none; executablePath undefined:
 * Playwright's own
 */
export async function findBrowser() {
  const wanted = process.env.LOSSY_CHROMIUM;
  if (wanted) {
    if (!starts(wanted)) throw new Error(`LOSSY_CHROMIUM names ${wanted}, which does not start: correct or unset it.`);
    return { executablePath: wanted };
  }
  const known = knownBrowsers().find(starts);
  if (known) return { executablePath: known };
  const { chromium } = await import('@playwright/test');
  return existsSync(chromium.executablePath()) ? { executablePath: undefined } : undefined;
}

/** Like findBrowser, but installs one where there is none. Throws, saying what to do, if that fails. */
export async function ensureBrowser() {
  const found = await findBrowser();
  if (found) return found;
  say('Installing Chromium for the browser tests (once) ...');
  if (existsSync('/etc/debian_version') && process.getuid?.() === 0) {
    if (run('apt-get', ['update']) && run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'])) {
      const installed = await findBrowser();
      if (installed) return installed;
    }
  }
  if (run('npx', ['playwright', 'install', 'chromium'])) {
    const installed = await findBrowser();
    if (installed) return installed;
  }
  throw new Error('No Chromium here, and none could be installed: install one and name its file in LOSSY_CHROMIUM.');
}

/**
 * The time of the newest file or folder under a path, in milliseconds.
 * @param {string} path
 * @returns {number}
 */
function newest(path) {
  const stat = statSync(path);
  const inside = stat.isDirectory() ? readdirSync(path).map((name) => newest(join(path, name))) : [];
  return Math.max(stat.mtimeMs, ...inside);
}

/** Builds dist/ if it is missing or older than what it is made from. Throws if the build fails. Needs the packages. */
export function ensureBuild() {
  const sources = ['index.html', 'package-lock.json', 'vite.config.ts', 'public', 'src', 'workers'];
  const built = join(root, 'dist/index.html');
  const times = sources.map((name) => join(root, name)).filter((path) => existsSync(path));
  if (existsSync(built) && Math.max(...times.map(newest)) <= statSync(built).mtimeMs) return;
  say('Building the page ...');
  if (!run('npm', ['run', '-s', 'build'])) throw new Error('The build failed: see the messages above.');
}
