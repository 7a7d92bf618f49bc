import { findModel } from '../cli/folder.ts';
import type { Model } from '../src/lab/model/load.ts';
import { type EncoderShape, encoderOf } from './encoder.ts';

/** An encoder of this shape with the words of bert-small, for programs in Node. */
export async function syntheticEncoder(shape: EncoderShape): Promise<Model> {
  return encoderOf(shape, (await findModel('bert-small')).files);
}
