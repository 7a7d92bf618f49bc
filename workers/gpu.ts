import type { Gpu } from '../src/lab/engine/gpu/ort.ts';

/** Limits that the runtime's kernels ask for beyond the defaults. */
const limits = [
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxBufferSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ',
] as const;
const features: readonly GPUFeatureName[] = ['shader-f16', 'subgroups', 'timestamp-query'];

/** Whether WebAssembly can wait for promises by itself (JSPI). Else the runtime's build waits by a rewrite of its code. */
export const canWait = () => 'Suspending' in WebAssembly;

/**
 * The adapter that the runtime would use; none is opened for it.
 *
 * @param takeSoftware whether a processor that plays GPU will do, which is slower than WebAssembly
 */
export async function findAdapter(takeSoftware: boolean): Promise<{ adapter: GPUAdapter; isSoftware: boolean } | null> {
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null);
  if (!adapter) return null;
  const { info } = adapter;
  const isSoftware =
    info.isFallbackAdapter === true ||
    /swiftshader|llvmpipe|basic render/i.test(`${info.architecture} ${info.description}`);
  return isSoftware && !takeSoftware ? null : { adapter, isSoftware };
}

/**
 * The machine's graphics processor, with all that the runtime can use of it.
 *
 * @param takeSoftware as for {@link findAdapter}
 */
export async function findGpu(takeSoftware: boolean): Promise<Gpu | null> {
  const found = await findAdapter(takeSoftware);
  if (!found) return null;
  const { adapter, isSoftware } = found;
  const { info } = adapter;
  const device = await adapter.requestDevice({
    requiredFeatures: features.filter((feature) => adapter.features.has(feature)),
    requiredLimits: Object.fromEntries(limits.map((name) => [name, adapter.limits[name]])),
  });
  const name = [info.vendor, info.architecture].filter(Boolean).join(' ') || info.description || 'unnamed adapter';
  return { device, name: isSoftware ? `${name}, software` : name };
}
