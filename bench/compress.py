"""The methods of the lab in torch on one thread, timed as compress.ts times the lab. Reads its job from stdin, writes JSON.
Ends with status 3 where there is no torch."""
import json
import sys
import time
from pathlib import Path

try:
    import numpy
    import torch
except ImportError:
    sys.exit(3)

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
try:
    from training.reference import methods as reference
    from training.reference.common import Inputs, Layer
except ImportError as error:
    sys.exit(f'The reference code cannot be read: {error}')

torch.set_num_threads(1)
TOKENS = 512


def draw(blocks, hidden):
    """The linear layers of so many blocks, and what enters them: layers of one width are given the same."""
    generator = torch.Generator().manual_seed(1)
    inputs = {}
    for width in (hidden, 4 * hidden):
        x = torch.randn(TOKENS, width, generator=generator)
        x[:, 5::128] *= 20
        inputs[width] = Inputs.of(x)
    shapes = [('query', hidden, hidden), ('key', hidden, hidden), ('value', hidden, hidden),
              ('attention-output', hidden, hidden), ('intermediate', 4 * hidden, hidden), ('output', hidden, 4 * hidden)]
    return [Layer(f'encoder.{block}.{kind}', kind, torch.randn(rows, columns, generator=generator) / columns ** 0.5,
                  block=block, inputs=inputs[columns])
            for block in range(blocks) for kind, rows, columns in shapes]


def below(weight, metric, k, dim=None):
    """The weights whose metric is above its k-th smallest, as whoever wants speed writes it: ties go together."""
    if k == 0: return weight
    limit = metric.flatten().kthvalue(k).values if dim is None else metric.kthvalue(k, dim=dim, keepdim=True).values
    return weight * (metric > limit)


def magnitude_global(layers, p):
    every = torch.cat([layer.weight.abs().flatten() for layer in layers])
    limit = every.kthvalue(max(1, round(p['sparsity'] * every.numel()))).values
    return [layer.weight * (layer.weight.abs() > limit) for layer in layers]


def in_rows(metric):
    def run(layers, p):
        return [below(l.weight, metric(l), round(p['sparsity'] * l.weight.shape[1]), dim=1) for l in layers]
    return run


def n_m(metric):
    def run(layers, p):
        done = []
        for layer in layers:
            groups = metric(layer).view(-1, p['m'])
            kept = torch.zeros_like(groups, dtype=torch.bool).scatter_(1, groups.topk(p['n'], dim=1).indices, True)
            done.append(layer.weight * kept.view_as(layer.weight))
        return done
    return run


def rtn(layers, p):
    top = 2 ** (p['bits'] - 1) - 1
    done = []
    for layer in layers:
        scale = layer.weight.abs().amax(1, keepdim=True) / top
        done.append((layer.weight / scale).round_().clamp_(-top, top).mul_(scale))
    return done


def fp8(layers, p):
    done = []
    for layer in layers:
        scale = layer.weight.abs().amax(1, keepdim=True) / 448
        done.append((layer.weight / scale).to(torch.float8_e4m3fn).to(torch.float32).mul_(scale))
    return done


def dynamic_int8(layers, p):
    return [torch.quantize_per_tensor(l.weight, float(l.weight.abs().max()) / 127.5, 0, torch.qint8).dequantize()
            for l in layers]


def magnitude(layer): return layer.weight.abs()


def wanda(layer): return layer.weight.abs() * layer.inputs.norms


FAST = {
    'magnitude-global': magnitude_global,
    'magnitude-layer': lambda layers, p: [below(l.weight, magnitude(l), round(p['sparsity'] * l.weight.numel())) for l in layers],
    'magnitude-row': in_rows(magnitude),
    'wanda': in_rows(wanda),
    'magnitude-n-m': n_m(magnitude),
    'wanda-n-m': n_m(wanda),
    'rtn': rtn,
    'fp8': fp8,
    'torch-dynamic-int8': dynamic_int8,
}


def run_of(method, heads):
    """What is timed, and for what it was written; None where torch code is missing."""
    if method['id'] in FAST: return 'for speed', lambda layers: FAST[method['id']](layers, method['params'])
    return 'for exactness', lambda layers: reference.weights_of(method['id'], layers, method['params'], heads, heads)


def main():
    job = json.load(sys.stdin)
    how, times, last = {}, [], {}
    for blocks in job['sizes']:
        layers = draw(blocks, job['hidden'])
        rounded = None
        for method in job['methods']:
            name = method['id']
            if how.get(name) == 'none' or (name in last and last[name][1] * blocks / last[name][0] > job['budget']): continue
            written, run = run_of(method, job['heads'])
            given = layers
            if name == 'low-rank-correction':
                rounded = rounded or [Layer(l.name, l.kind, w, original=l.weight) for l, w in zip(layers, rtn(layers, {'bits': 4}))]
                given = rounded
            least, total, runs = float('inf'), 0, 0
            try:
                while runs == 0 or (runs < 20 and total + least < job['seconds']):
                    begun = time.perf_counter()
                    run(given)
                    took = time.perf_counter() - begun
                    least, total, runs = min(least, took), total + took, runs + 1
            except (KeyError, TypeError, NotImplementedError) as error:
                how[name] = 'none'
                print(f'{name}: no torch code ({error!r})', file=sys.stderr)
                continue
            how[name] = written
            last[name] = (blocks, least)
            times.append([name, blocks, least])
            print(f'torch {name}, {blocks} blocks: {least:.4f} s', file=sys.stderr)
    versions = {'Python': sys.version.split()[0], 'torch': torch.__version__, 'NumPy': numpy.__version__}
    json.dump({'versions': versions, 'how': how, 'times': times}, sys.stdout)


main()
