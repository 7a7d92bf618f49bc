import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { LabError } from '../src/lab/errors.ts';
import { parseCard } from './card.ts';

const models = new URL('../public/models/', import.meta.url);
const card = {
  format: 'lossy-model-1',
  id: 'tiny-1',
  title: 'Tiny',
  family: 'encoder',
  parameters: 12,
  licence: 'MIT',
  training: 'Not at all.',
  files: [{ name: 'model.onnx', bytes: 3, sha256: '0a'.repeat(32) }],
};

function fault(json: string): string {
  try {
    parseCard(json);
  } catch (error) {
    expect(error).toBeInstanceOf(LabError);
    expect((error as LabError).kind).toBe('bad-model');
    expect((error as LabError).advice).not.toBe('');
    return (error as LabError).message;
  }
  throw new Error('the card was accepted');
}

const faultOf = (change: object) => fault(JSON.stringify({ ...card, ...change }));
const faultOfFile = (change: object) => faultOf({ files: [{ ...card.files[0], ...change }] });

describe('parseCard', () => {
  it('reads a card', () => {
    expect(parseCard(JSON.stringify(card))).toEqual(card);
  });

  it('names the place of a fault', () => {
    expect(fault('<!doctype html>')).toBe('card.json is no JSON.');
    expect(fault('[]')).toContain('card.json: the file: ');
    expect(faultOf({ format: 'lossy-model-2' })).toContain('format: ');
    expect(faultOf({ family: 'mixture' })).toContain('family: ');
    expect(faultOf({ parameters: 1.5 })).toContain('parameters: ');
    expect(faultOf({ training: undefined })).toContain('training: ');
    expect(faultOf({ id: '../other' })).toContain('id: ');
    expect(faultOf({ files: [] })).toContain('files: ');
    expect(faultOf({ files: [card.files[0], card.files[0]] })).toContain('files: a file is listed twice');
    expect(faultOfFile({ bytes: -1 })).toContain('files.0.bytes: ');
    expect(faultOfFile({ sha256: 'abc' })).toContain('files.0.sha256: ');
  });

  it.each(['', '.', '..', 'a/b', '../a', 'a\\b', '.hidden', 'a..b', 'a.', 'a b', 'a%2fb', 'a\n'])(
    'refuses the file name %j',
    (name) => {
      expect(faultOfFile({ name })).toContain('files.0.name: ');
    },
  );
});

describe.each(readdirSync(models))('the card of %s', (id) => {
  it('describes the files beside it', () => {
    const folder = new URL(`${id}/`, models);
    const card = parseCard(readFileSync(new URL('card.json', folder), 'utf8'));
    expect(card.id).toBe(id);
    const actual = card.files.map(({ name }) => {
      const bytes = readFileSync(new URL(name, folder));
      return { name, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
    });
    expect(card.files).toEqual(actual);
  });
});
