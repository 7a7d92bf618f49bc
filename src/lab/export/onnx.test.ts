import { describe, expect, it } from 'vitest';
import { withValues } from '../compress/method.ts';
import { metadataKeys } from '../model/metadata-keys.ts';
import { TensorProto_DataType as Type } from '../onnx/gen/onnx_pb.ts';
import { makeNode, writeOnnx } from '../onnx/onnx.ts';
import { readFloats, transpose } from '../onnx/tensors.ts';
import { graphOf, jobOf, tiedEncoder, weightsOf } from '../test/exports.ts';
import { tinyEncoder } from '../test/graphs.ts';
import { weightTensor } from './floats.ts';
import { onnx } from './onnx.ts';

/** Every weight of one layer doubled. */
const doubled = (name: string) => (matrix: Parameters<Parameters<typeof jobOf>[1]>[0]) =>
  matrix.site.name === name
    ? withValues(
        matrix,
        matrix.values.map((value) => value * 2),
      )
    : matrix;

const tensorOf = (proto: ReturnType<typeof graphOf>, name: string) =>
  proto.graph.initializer.find((tensor) => tensor.name === name)!;

describe('a dense export', () => {
  it('is the file as it was where nothing changed, but for its metadata', () => {
    const proto = tiedEncoder();
    const back = graphOf(onnx.write(jobOf(proto, (matrix) => matrix)));
    expect(back.metadataProps.map(({ key }) => key)).toEqual([
      metadataKeys.recipe,
      metadataKeys.report,
      metadataKeys.source,
      metadataKeys.description,
    ]);
    expect(writeOnnx({ ...back, metadataProps: [] })).toEqual(writeOnnx(proto));
  });

  it.each([
    ['MatMul, whose weights lie as inputs by outputs', false],
    ['Gemm with transB, whose weights lie as outputs by inputs', true],
  ])('has new weights where the old ones were: %s', (_, gemm) => {
    const proto = tinyEncoder({ gemm });
    const back = graphOf(onnx.write(jobOf(proto, doubled('encoder.0.feed-forward.output'))));
    expect([...readFloats(tensorOf(back, 'f.w'))]).toEqual([...readFloats(tensorOf(proto, 'f.w'))].map((w) => 2 * w));
    expect(back.graph.node).toEqual(proto.graph.node);
    for (const { name = '' } of proto.graph.initializer)
      if (name !== 'f.w') expect(tensorOf(back, name)).toEqual(tensorOf(proto, name));
  });

  it('gives a head that is tied to the embedding weights of its own', () => {
    const proto = tiedEncoder();
    const back = graphOf(onnx.write(jobOf(proto, doubled('head.decoder'))));
    const embedding = readFloats(tensorOf(proto, 'embedding'));
    expect(tensorOf(back, 'embedding')).toEqual(tensorOf(proto, 'embedding'));
    const own = tensorOf(back, 'head.decoder.weight');
    expect(own.dims).toEqual([4n, 12n]);
    expect(readFloats(own)).toEqual(
      transpose(
        embedding.map((w) => 2 * w),
        12,
        4,
      ),
    );
    // The Transpose that nobody reads any more is gone.
    expect(back.graph.node.map(({ name }) => name)).not.toContain('turn');
    expect(weightsOf(back).map(({ site }) => site.tied)).not.toContain(true);
  });

  it('takes a name that is free', () => {
    const proto = tiedEncoder();
    proto.graph.initializer.push(weightTensor('head.decoder.weight', [1], Float32Array.of(7)));
    const back = graphOf(onnx.write(jobOf(proto, doubled('head.decoder'))));
    expect(tensorOf(back, 'head.decoder.weight').dims).toEqual([1n]);
    expect(tensorOf(back, 'head.decoder.weight.2').dims).toEqual([4n, 12n]);
  });

  describe('of a file in float16', () => {
    /** The weights of a layer stored as float16, with a Cast to float32 behind them or without. */
    const halfEncoder = (name: string, cast: boolean, proto = tinyEncoder()) => {
      const { graph } = proto;
      const tensor = tensorOf(proto, name);
      const half = weightTensor(name, tensor.dims.map(Number), readFloats(tensor), Type.FLOAT16);
      graph.initializer = graph.initializer.map((entry) => (entry === tensor ? half : entry));
      if (!cast) return proto;
      const wide = makeNode('Cast', 'wide', [name], ['wide'], { to: Type.FLOAT });
      for (const node of graph.node) node.input = node.input.map((input) => (input === name ? 'wide' : input));
      graph.node.unshift(wide);
      return proto;
    };

    it('keeps the type where it holds every weight', () => {
      const proto = halfEncoder('f.w', true);
      const back = tensorOf(graphOf(onnx.write(jobOf(proto, doubled('encoder.0.feed-forward.output')))), 'f.w');
      expect(back.dataType).toBe(Type.FLOAT16);
      expect([...readFloats(back)]).toEqual([...readFloats(tensorOf(proto, 'f.w'))].map((w) => 2 * w));
    });

    const thirds = (matrix: Parameters<Parameters<typeof jobOf>[1]>[0]) =>
      matrix.site.name === 'encoder.0.feed-forward.output'
        ? withValues(
            matrix,
            matrix.values.map((value) => value / 3),
          )
        : matrix;

    it('takes float32 where it does not', () => {
      const proto = halfEncoder('f.w', true);
      const back = tensorOf(graphOf(onnx.write(jobOf(proto, thirds))), 'f.w');
      expect(back.dataType).toBe(Type.FLOAT);
      expect(readFloats(back)).toEqual(readFloats(tensorOf(proto, 'f.w')).map((w) => w / 3));
    });

    it('keeps it where the graph computes in it, and rounds as the graph would', () => {
      const proto = halfEncoder('f.w', false);
      const back = tensorOf(graphOf(onnx.write(jobOf(proto, thirds))), 'f.w');
      const exact = readFloats(tensorOf(proto, 'f.w')).map((w) => w / 3);
      expect(back.dataType).toBe(Type.FLOAT16);
      expect(readFloats(back)).toEqual(readFloats(weightTensor('r', [exact.length], exact, Type.FLOAT16)));
    });

    it('casts a tied layer’s own weights as the shared ones were', () => {
      const proto = halfEncoder('embedding', true, tiedEncoder());
      const back = graphOf(onnx.write(jobOf(proto, doubled('head.decoder'))));
      expect(tensorOf(back, 'head.decoder.weight').dataType).toBe(Type.FLOAT16);
      expect(weightsOf(back).map(({ site }) => [site.name, site.dtype, site.tied])).toContainEqual([
        'head.decoder',
        'float16',
        false,
      ]);
    });
  });
});
