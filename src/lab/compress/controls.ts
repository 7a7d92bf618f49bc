import { z } from 'zod';
import { calibration } from './calibration.ts';
import type { Method } from './method.ts';

/** A parameter's value. */
export type Value = number | string;

interface ControlBase {
  /** The parameter's key in a step. */
  name: string;
  title: string;
  description: string;
  /** What the schema accepts, in words: for messages and for the command line's help. */
  allowed: string;
  /** Other parameters' values with which this one counts; without it, it always does. Use {@link counts}. */
  when?: Readonly<Record<string, readonly Value[]>>;
  /** Set for the parameters of ./calibration.ts: they count where the method measures activations. */
  isCalibration?: true;
}

export interface NumberControl extends ControlBase {
  kind: 'number' | 'integer';
  min: number;
  max: number;
  step: number;
  default: number;
}

/** The schema may accept more than the choices offered; `allowed` says so. */
export interface ChoiceControl extends ControlBase {
  kind: 'choice';
  choices: readonly string[];
  /** Choices in plain words, the term in brackets. Numbers need none; `group` stands for groups of any size. */
  words: Readonly<Record<string, string>>;
  /** Whether the schema accepts more than these. */
  isOpen: boolean;
  default: string;
}

/** All that a slider, a select or a command-line option needs to know about one parameter. */
export type Control = NumberControl | ChoiceControl;

/** What zod writes for one parameter, with what the method put into `.meta()`; a schema of another form is our fault. */
const value = z.union([z.number(), z.string()]);
const base = {
  title: z.string(),
  description: z.string(),
  when: z.record(z.string(), z.union([value.transform((one) => [one]), z.array(value)])).optional(),
};
const property = z.discriminatedUnion('type', [
  z.object({
    ...base,
    type: z.enum(['number', 'integer']),
    minimum: z.number(),
    maximum: z.number(),
    default: z.number(),
    step: z.number().optional(),
  }),
  z.object({
    ...base,
    type: z.literal('string'),
    default: z.string(),
    enum: z.array(z.string()).optional(),
    choices: z.array(z.string()).optional(),
    words: z.record(z.string(), z.string()).default({}),
    allowed: z.string().optional(),
  }),
]);

/**
 * The controls of a method, derived from its parameter schema, in the schema's order.
 *
 * Numbers need `.min()` and `.max()`, strings `z.enum()` or `.meta({ choices, allowed })`, all a default and
 * `.meta({ title, description })`; `.meta({ words })` names choices, `.meta({ step })` sets a number's step (otherwise 1, or a hundredth of the range),
 * `.meta({ when: { other: value } })` says that a parameter counts only with this value, or one of these, of another.
 *
 * @throws ZodError where a method's schema lacks one of these
 */
export function controls(method: Pick<Method, 'params'>): Control[] {
  const schema = z.toJSONSchema(method.params, { io: 'input' });
  const shape: Record<string, unknown> = method.params instanceof z.ZodObject ? method.params.shape : {};
  const shared: Record<string, unknown> = calibration;
  return Object.entries(schema.properties ?? {}).map(([name, raw]) => {
    const found = property.parse(raw);
    const { title, description, when } = found;
    const isCalibration = name in shared && shape[name] === shared[name];
    const common = { name, title, description, ...(when && { when }), ...(isCalibration && { isCalibration }) };
    if (found.type === 'string') {
      const choices = found.choices ?? found.enum ?? [];
      const allowed = found.allowed ?? choices.join(', ');
      const { words, default: initial } = found;
      return { ...common, kind: 'choice', choices, words, isOpen: found.enum === undefined, default: initial, allowed };
    }
    const { type: kind, minimum: min, maximum: max } = found;
    const step = found.step ?? (kind === 'integer' ? 1 : (max - min) / 100);
    const allowed = `a ${kind === 'integer' ? 'whole number' : 'number'} from ${min} to ${max}`;
    return { ...common, kind, min, max, step, default: found.default, allowed };
  });
}

/** Whether a parameter counts beside these values of the others; what is not given has its default. */
export function counts(control: Control, all: readonly Control[], params: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(control.when ?? {}).every(([name, values]) => {
    const value = params[name] ?? all.find((other) => other.name === name)?.default;
    return values.some((wanted) => wanted === value);
  });
}
