import { LabError } from '../../lab/errors.ts';
import { badLink } from './link-results.ts';

/** Longer links are refused before anything is unpacked: browsers and chat programs cut them anyway. */
export const longestLink = 64_000;

/** The form in which links are written. Each older one is read through {@link migrations}. */
export const linkVersion = 2;

/** What a link says, field by field; steps are a list by now. */
export type Fields = Record<string, unknown>;

/** Signs that may stand in a fragment as they are, and keep it readable. */
const plainSigns = /%(?:2C|3A|3B|3D|2F|40|28|29)/g;

/** Only these two would end a field. */
const written = (text: string) =>
  encodeURIComponent(text)
    .replaceAll(plainSigns, (code) => decodeURIComponent(code))
    .replaceAll('%20', '+');

/**
 * A link's fragment (without `#`): what it holds, as far as it is not null, in words that can be read.
 *
 * @param view left out for Explore, which opens without one
 */
export function toFragment(view: string, fields: Readonly<Record<string, string | number | null | undefined>>): string {
  const all = Object.entries({ ...(view === 'explore' ? {} : { view }), v: linkVersion, ...fields });
  return all
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => `${name}=${written(String(value))}`)
    .join('&');
}

const parts = (fragment: string): Record<string, string> =>
  Object.fromEntries(new URLSearchParams(fragment.replace(/^#/, '')));

/** The view that a link is for; undefined where it names none. */
export const viewOf = (fragment: string): string | undefined => parts(fragment).view;

/** How fields of an older form become those of the next one. A form that was once given out is never forgotten. */
const migrations: Readonly<Record<number, (fields: Fields) => Fields>> = {
  // Until version 2 links named no version, and steps were JSON.
  1: ({ steps, ...fields }) => (typeof steps === 'string' ? { ...fields, steps: stepsFromJson(steps) } : fields),
};

/**
 * Reads a link's fields, whatever version wrote them. What they say is checked by the view's own schema.
 *
 * @throws LabError `bad-link` where it is too long, or of a version that this lab does not know
 */
export function fromFragment(fragment: string): Fields {
  if (fragment.length > longestLink)
    throw badLink(`The link has ${fragment.length} characters; the longest that this lab makes has ${longestLink}.`);
  const { v, view: _, ...rest } = parts(fragment);
  const version = v === undefined ? 1 : Number(v);
  if (!Number.isInteger(version) || version < 1)
    throw badLink(`The link names a version ${v} of its form, which none has.`);
  if (version > linkVersion)
    throw new LabError(
      'bad-link',
      `The link was made by a newer version of this lab (form ${version}; this one knows up to ${linkVersion}).`,
      'Reload the page to get the newest version, and open the link again.',
    );
  let fields: Fields = rest;
  for (let from = version; from < linkVersion; from++) fields = migrations[from](fields);
  return typeof fields.steps === 'string' ? { ...fields, steps: stepsFromText(fields.steps) } : fields;
}

/** A step as links carry it; what it says is checked elsewhere. */
interface LooseStep {
  method: string;
  scope?: string;
  level?: number;
  params?: Record<string, string | number>;
  customLevel?: Record<string, string | number>;
}

/** Values may hold any text: what separates is written by its code. */
const escaped = (value: string | number) =>
  String(value).replaceAll(/[%,;=]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
/** A quote before a text that would be read as a number, or begins with a quote. */
const quoted = (value: string | number) => {
  const isMistakable = typeof value === 'string' && value.trim() !== '' && !Number.isNaN(Number(value));
  return isMistakable || String(value).startsWith("'") ? `'${escaped(value)}` : escaped(value);
};

/**
 * Steps in a link: `magnitude-global,overall,5;rtn,attention,2,granularity=channel`. Method, scope and level in their
 * places, then parameters; those of a level of its own begin with `own.`. Text that looks like a number begins with a
 * quote.
 */
export function stepsToText(steps: readonly LooseStep[]): string {
  const pairs = (params: LooseStep['params'], prefix: string) =>
    Object.entries(params ?? {}).map(([name, value]) => `${prefix}${escaped(name)}=${quoted(value)}`);
  return steps
    .map(({ method, scope = 'overall', level = 0, params, customLevel }) =>
      [method, scope, level, ...pairs(params, ''), ...pairs(customLevel, 'own.')].join(','),
    )
    .join(';');
}

/** Steps from a link's text. @throws LabError `bad-link` where it is none; values are checked elsewhere */
export function stepsFromText(text: string): unknown[] {
  return text.split(';').map((step) => {
    const [method, scope, level, ...pairs] = step.split(',');
    const made: { params: Record<string, string | number>; customLevel: Record<string, string | number> } = {
      params: {},
      customLevel: {},
    };
    for (const pair of pairs) {
      const at = pair.indexOf('=');
      if (at < 1) throw badLink(`The link is damaged: its steps cannot be read at “${pair.slice(0, 40)}”.`);
      const name = unescaped(pair.slice(0, at));
      const isOwn = name.startsWith('own.');
      made[isOwn ? 'customLevel' : 'params'][isOwn ? name.slice(4) : name] = readValue(unescaped(pair.slice(at + 1)));
    }
    return {
      method,
      ...(scope !== undefined && { scope }),
      ...(level !== undefined && { level: level.trim() === '' ? Number.NaN : Number(level) }),
      params: made.params,
      ...(Object.keys(made.customLevel).length > 0 && { customLevel: made.customLevel }),
    };
  });
}

function unescaped(text: string): string {
  return text.replaceAll(/%(25|2C|3B|3D)/gi, (code) => String.fromCharCode(Number.parseInt(code.slice(1), 16)));
}

function readValue(text: string): string | number {
  if (text.startsWith("'")) return text.slice(1);
  const number = Number(text);
  return text.trim() === '' || Number.isNaN(number) ? text : number;
}

/** Steps of a version 1 link. They called a custom level `own`. */
function stepsFromJson(json: string): unknown {
  try {
    const steps: unknown = JSON.parse(json);
    if (!Array.isArray(steps)) return steps;
    return steps.map((step) => {
      if (typeof step !== 'object' || step === null || !('own' in step)) return step;
      const { own, ...rest } = step;
      return { ...rest, customLevel: own };
    });
  } catch (cause) {
    throw badLink('The link is damaged: its steps cannot be read.', cause);
  }
}
