import { z } from 'zod';
import type { Method } from './method.ts';

interface ControlBase {
  /** The parameter's key in a step. */
  name: string;
  title: string;
  description: string;
  /** What the schema accepts, in words: for messages and for the command line's help. */
  allowed: string;
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
  default: string;
}

/** All that a slider, a select or a command-line option needs to know about one parameter. */
export type Control = NumberControl | ChoiceControl;

/** What zod writes for one parameter, with what the method put into `.meta()`; a schema of another form is our fault. */
const base = { title: z.string(), description: z.string() };
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
    allowed: z.string().optional(),
  }),
]);

/**
 * The controls of a method, derived from its parameter schema, in the schema's order.
 *
 * Numbers need `.min()` and `.max()`, strings `z.enum()` or `.meta({ choices, allowed })`, all a default and
 * `.meta({ title, description })`; `.meta({ step })` sets a number's step (otherwise 1, or a hundredth of the range).
 *
 * @throws ZodError where a method's schema lacks one of these
 */
export function controls(method: Pick<Method, 'params'>): Control[] {
  const schema = z.toJSONSchema(method.params, { io: 'input' });
  return Object.entries(schema.properties ?? {}).map(([name, raw]) => {
    const found = property.parse(raw);
    const { title, description } = found;
    if (found.type === 'string') {
      const choices = found.choices ?? found.enum ?? [];
      const allowed = found.allowed ?? choices.join(', ');
      return { name, title, description, kind: 'choice', choices, default: found.default, allowed };
    }
    const { type: kind, minimum: min, maximum: max } = found;
    const step = found.step ?? (kind === 'integer' ? 1 : (max - min) / 100);
    const allowed = `a ${kind === 'integer' ? 'whole number' : 'number'} from ${min} to ${max}`;
    return { name, title, description, kind, min, max, step, default: found.default, allowed };
  });
}
