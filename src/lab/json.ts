import type { z } from 'zod';
import { type ErrorKind, LabError } from './errors.ts';

/** What a fault in a text from outside is called, and what to do about it. */
export interface JsonFault {
  kind: ErrorKind;
  /** The text's name at the beginning of a message, e.g. `config.json`. */
  where: string;
  advice: string;
}

/**
 * Reads JSON from outside and checks it.
 *
 * @throws LabError of the given kind that names the place of the first fault
 */
export function readJson<Schema extends z.ZodType>(schema: Schema, json: string, fault: JsonFault): z.output<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new LabError(fault.kind, `${fault.where} is no JSON.`, fault.advice, { cause });
  }
  return readValue(schema, value, fault);
}

/**
 * Checks a value from outside.
 *
 * @throws LabError of the given kind that names the place of the first fault
 */
export function readValue<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  fault: JsonFault,
): z.output<Schema> {
  const { kind, where, advice } = fault;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new LabError(kind, `${where}: ${issue.path.join('.') || 'the file'}: ${issue.message}.`, advice);
}
