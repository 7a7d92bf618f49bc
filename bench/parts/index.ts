import { dots } from './dots.ts';
import { gpu } from './gpu.ts';
import { memory } from './memory.ts';
import { network } from './network.ts';
import type { BenchPart } from './part.ts';
import { peak } from './peak.ts';
import { scale } from './scale.ts';
import { slider } from './slider.ts';
import { chromium, node } from './speed.ts';

/** Every part, in the order in which they run and stand in RESULTS.md. */
export const parts: readonly BenchPart[] = [node, chromium, gpu, slider, peak, scale, memory, network, dots];
