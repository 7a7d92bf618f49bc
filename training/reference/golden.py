#!/usr/bin/env python3
"""Writes the golden fixtures of src/lab/test/golden: inputs.json and one file a method.

usage, in the root of the repository: python3 -m training.reference.golden [FOLDER]

Weights and activations are multiples of powers of two, so that sums of products are exact in double whatever their order,
and values are often tied or half-way between two levels.
"""
import base64, json, pathlib, sys

import numpy as np, torch
from torch.nn.utils import prune

from . import awq, formats, gptq, hqq, int8, methods, rounding, sparsegpt
from .common import F32, F64, Inputs, Layer, grid_of, ranges_of, snap

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / 'src/lab/test/golden'
torch.set_num_threads(1)


def text_of(values): return base64.b64encode(np.ascontiguousarray(values, dtype='<f4').tobytes()).decode()
def bits_of(marks): return base64.b64encode(np.packbits(np.asarray(marks, dtype=bool).reshape(-1), bitorder='little').tobytes()).decode()


# --- inputs

class Draws:
    """Numbers of a Mersenne Twister (the same in every version of NumPy), rounded to multiples of a power of two."""

    def __init__(self, seed): self.state = np.random.RandomState(seed)

    def weights(self, rows, columns):
        w = np.round(self.state.standard_t(4, (rows, columns)) * 0.35 * 64) / 64
        w = np.clip(w, -2, 2)
        # A column of large weights, a dead one, exact zeros, a row without any, one without negative ones.
        w[:, 3] *= 4
        w[:, 11 % columns] = 0
        w[self.state.random_sample(w.shape) < 0.06] = 0
        w[rows // 2] = 0
        w[rows // 3] = np.abs(w[rows // 3]) + 1 / 64
        # Rows whose largest weight is a power of two times a symmetric grid's top: many weights lie half-way between levels.
        for row, top in ((0, 7), (1, 127 / 64), (2, 3)): w[row, 5 % columns] = top
        return torch.tensor(w, dtype=F32)

    def activations(self, tokens, columns):
        mix = np.eye(columns) + 0.3 * self.state.standard_normal((columns, columns)) / np.sqrt(columns)
        x = self.state.standard_normal((tokens, columns)) @ mix + 0.5 * self.state.standard_normal(columns)
        x[:, 5 % columns] *= 8
        x[:, 9 % columns] = 0
        return torch.tensor(np.clip(np.round(x * 64) / 64, -30, 30), dtype=F32)


def block(draws, number, width=16, inner=48):
    shapes = [('query', width, width), ('key', width, width), ('value', width, width), ('attention-output', width, width),
              ('intermediate', inner, width), ('output', width, inner)]
    return [Layer(f'encoder.{number}.{kind}', kind, draws.weights(rows, columns), number) for kind, rows, columns in shapes]


def make_sets():
    draws = Draws(7)
    sets = {'small': [*block(draws, 0), *block(draws, 1), Layer('head.transform', 'transform', draws.weights(32, 64))]}
    # The second block's attention is weaker, and its outliers fewer: allocations and scores differ between blocks.
    for layer in sets['small'][6:10]: layer.weight = layer.weight.clamp(-1, 1)
    # GPT-2: query, key and value in one matrix.
    sets['fused'] = [layer for number in (0, 1) for layer in (
        Layer(f'decoder.{number}.attention.query-key-value', 'query-key-value', draws.weights(48, 16), number, 'decoder'),
        Layer(f'decoder.{number}.attention.output', 'attention-output', draws.weights(16, 16), number, 'decoder'))]
    # Llama: four heads, two of keys and values; a gate.
    sets['grouped'] = [layer for number in (0, 1) for layer in (
        Layer(f'decoder.{number}.attention.query', 'query', draws.weights(16, 16), number, 'decoder'),
        Layer(f'decoder.{number}.attention.key', 'key', draws.weights(8, 16), number, 'decoder'),
        Layer(f'decoder.{number}.attention.value', 'value', draws.weights(8, 16), number, 'decoder'),
        Layer(f'decoder.{number}.attention.output', 'attention-output', draws.weights(16, 16), number, 'decoder'),
        Layer(f'decoder.{number}.mlp.gate', 'gate', draws.weights(24, 16), number, 'decoder'),
        Layer(f'decoder.{number}.mlp.up', 'intermediate', draws.weights(24, 16), number, 'decoder'),
        Layer(f'decoder.{number}.mlp.down', 'output', draws.weights(16, 24), number, 'decoder'))]
    # T5: two halves, and attention from one to the other.
    sets['pair'] = [Layer(f'{stack}.0.{part}.{kind}', kind, draws.weights(16, 16), 0, stack, part == 'cross-attention')
                    for stack, part in (('encoder', 'self-attention'), ('decoder', 'self-attention'), ('decoder', 'cross-attention'))
                    for kind in ('query', 'key', 'value', 'attention-output')]
    # A shape that no block size divides, with weights too small and too far apart for most scales.
    odd = draws.weights(5, 13) * torch.tensor([1, 2.0 ** -18, 2.0 ** -10, 1, 256])[:, None]
    sets['odd'] = [Layer('head.odd', 'transform', odd)]
    # More than 256 blocks of 64, for scales that are quantized themselves.
    sets['wide'] = [Layer('head.wide', 'transform', draws.weights(66, 256) * torch.exp2(torch.arange(66) % 5 - 2.0)[:, None])]
    x = {str(columns): draws.activations(200 if columns > 13 else 40, columns) for columns in (13, 16, 24, 48, 64)}
    for layers in sets.values():
        for layer in layers:
            columns = str(layer.weight.shape[1])
            if columns in x: layer.inputs = Inputs.of(x[columns])
            assert torch.equal(layer.weight.half().float(), layer.weight), layer.name
    return sets, x


SETS, X = make_sets()
HEADS = {'small': (2, 2), 'fused': (2, 2), 'grouped': (4, 2), 'pair': (2, 2), 'odd': (0, 0), 'wide': (0, 0)}
# Rounded already: what a correction is for.
SETS['rounded'] = [Layer(l.name, l.kind, rounding.rtn(l.weight, bits=3, granularity='channel'), l.block, inputs=l.inputs, original=l.weight)
                   for l in SETS['small'] if l.name in ('encoder.0.value', 'encoder.1.output', 'head.transform')]
HEADS['rounded'] = (2, 2)
FEW = ['encoder.0.query', 'encoder.1.output']
MORE = ['encoder.0.query', 'encoder.1.output', 'head.transform']
HEAD = ['head.transform']


# --- cases

def case(method, params, input='small', sites=None, **extra):
    layers = [layer for layer in SETS[input] if sites is None or layer.name in sites]
    heads = HEADS[input]
    made = {'method': method, 'params': params, 'input': input}
    if sites is not None: made['sites'] = sites
    masks = methods.masks_of(method, layers, params, *heads)
    if masks is not None:
        made['kept'] = [bits_of(~(mask | (layer.weight == 0))) for mask, layer in zip(masks, layers)]
    else: made['values'] = [text_of(values) for values in methods.weights_of(method, layers, params, *heads)]
    more = extras(method, params, layers)
    if more or extra: made['extra'] = {**more, **extra}
    return made


def extras(method, params, layers):
    if method == 'gptq':
        ties = []
        for number, layer in enumerate(layers):
            own = []
            gptq.gptq(layer, **{key: value for key, value in params.items() if key != 'blocksize'}, ties=own)
            ties += [[number, row, column] for row, column in own]
        return {'ties': ties}
    if method == 'hqq':
        ties = []
        for number, layer in enumerate(layers):
            distance = hqq.hqq(layer.weight, **params)[1]
            ties += [[number, *place] for place in (distance < 1e-6).nonzero().tolist()]
        return {'ties': ties}
    if method == 'awq':
        # The two best candidates must lie so far apart that no order of summing decides between them.
        for layer in layers:
            first, second = sorted(awq.awq(layer, **params)[2])[:2]
            assert first == 0 or (second - first) / first > 1e-9, (layer.name, params)
        return {'columnScales': [text_of(awq.awq(layer, **params)[1]) for layer in layers]}
    if method == 'smoothquant': return {'columnScales': [text_of(int8.smoothquant(l.weight, l.inputs, **params)[1]) for l in layers]}
    if method == 'llm-int8': return {'keptColumns': [int8.llm_int8(l.weight, l.inputs, **params)[1] for l in layers]}
    return {}


def each(method, settings, **where): return [case(method, params, **where) for params in settings]


def structured_cases(method, sets, shares=(0.25, 0.5, 0.8)):
    return [case(method, {'sparsity': share, 'criterion': criterion, 'seed': 1}, name)
            for name in sets for criterion in ('magnitude', 'activation') for share in shares] + [
            case(method, {'sparsity': 0.5, 'criterion': 'random', 'seed': seed}, name) for name in sets for seed in (1, 42)]


def cases():
    shares = (0, 0.3, 0.5, 0.75, 1)
    yield 'magnitude-global', 'pruning.py, magnitude_global', each('magnitude-global', [{'sparsity': s} for s in shares])
    yield 'magnitude-layer', 'pruning.py, magnitude_layer; allocation.py', each('magnitude-layer', [
        *({'sparsity': s, 'allocation': 'uniform'} for s in shares), *({'sparsity': s, 'allocation': 'erk'} for s in (0.2, 0.5, 0.9))])
    yield 'magnitude-row', 'pruning.py, magnitude_row', each('magnitude-row', [{'sparsity': s} for s in shares])
    yield 'magnitude-n-m', 'pruning.py, magnitude_n_m', each('magnitude-n-m', [{'n': n, 'm': m} for n, m in ((2, 4), (1, 4), (4, 8), (3, 16), (1, 2))])
    yield 'random', 'pruning.py, random', each('random', [
        {'sparsity': s, 'allocation': a, 'seed': seed} for s, a, seed in ((0.5, 'uniform', 1), (0.3, 'uniform', 0), (0.7, 'uniform', 999999), (0.5, 'erk', 3))])
    yield 'wanda', 'pruning.py, wanda; allocation.py', each('wanda', [
        *({'sparsity': s, 'allocation': 'uniform'} for s in shares), *({'sparsity': s, 'allocation': a} for a in ('erk', 'owl') for s in (0.3, 0.5, 0.7, 0.98))])
    yield 'wanda-n-m', 'pruning.py, wanda_n_m', each('wanda-n-m', [{'n': n, 'm': m} for n, m in ((2, 4), (1, 4), (4, 8), (5, 16))])
    base = {'allocation': 'uniform', 'blocksize': 128, 'damping': 0.01}
    yield 'sparsegpt', 'sparsegpt.py, sparsegpt', [
        *each('sparsegpt', [{**base, 'sparsity': s} for s in (0.5, 0.8)], sites=MORE),
        case('sparsegpt', {**base, 'sparsity': 0.5, 'blocksize': 16, 'damping': 0.1}, sites=MORE),
        case('sparsegpt', {**base, 'sparsity': 0.3, 'blocksize': 20}, sites=FEW),
        case('sparsegpt', {**base, 'sparsity': 0.5, 'allocation': 'erk'}, sites=MORE),
        case('sparsegpt', {**base, 'sparsity': 0.6, 'allocation': 'owl'}, sites=MORE),
        case('sparsegpt', {**base, 'sparsity': 0.4, 'blocksize': 8}, 'odd')]
    base = {'blocksize': 128, 'damping': 0.01}
    yield 'sparsegpt-n-m', 'sparsegpt.py, sparsegpt_n_m', [
        case('sparsegpt-n-m', {**base, 'n': 2, 'm': 4}, sites=MORE), case('sparsegpt-n-m', {**base, 'n': 1, 'm': 4}, sites=FEW),
        case('sparsegpt-n-m', {**base, 'n': 4, 'm': 8, 'blocksize': 16}, sites=MORE),
        case('sparsegpt-n-m', {**base, 'n': 2, 'm': 8, 'blocksize': 10, 'damping': 0.05}, sites=FEW)]
    yield 'heads', 'structured.py, heads', structured_cases('heads', ['small', 'fused', 'grouped', 'pair'])
    yield 'neurons', 'structured.py, neurons', structured_cases('neurons', ['small', 'grouped'])
    yield 'layers', 'structured.py, whole_layers', structured_cases('layers', ['small', 'grouped'], (0.25, 0.5, 1))
    yield 'rows', 'structured.py, rows', structured_cases('rows', ['small'])

    base = {'scheme': 'symmetric', 'granularity': 'channel', 'clipping': 'minmax', 'percentile': 99.9}
    yield 'rtn', 'rounding.py, rtn', [
        *each('rtn', [{**base, 'bits': b, 'scheme': s} for b in (8, 4, 3, 2) for s in ('symmetric', 'asymmetric')], sites=FEW),
        *each('rtn', [{**base, 'bits': 4, 'scheme': s, 'granularity': g} for s in ('symmetric', 'asymmetric') for g in ('tensor', 'group-8')], sites=FEW),
        case('rtn', {**base, 'bits': 4, 'granularity': 'group-32'}, sites=HEAD),
        *each('rtn', [{**base, 'bits': b, 'scheme': s, 'granularity': g, 'clipping': 'mse'} for b, s, g in (
            (4, 'symmetric', 'channel'), (3, 'asymmetric', 'channel'), (2, 'symmetric', 'tensor'), (4, 'asymmetric', 'group-16'))], sites=FEW),
        *each('rtn', [{**base, 'bits': b, 'scheme': s, 'granularity': g, 'clipping': 'percentile', 'percentile': p} for b, s, g, p in (
            (4, 'symmetric', 'channel', 99.9), (4, 'asymmetric', 'tensor', 99), (3, 'symmetric', 'tensor', 95), (4, 'symmetric', 'channel', 90), (4, 'asymmetric', 'channel', 100))], sites=FEW),
        *each('rtn', [{**base, 'bits': b, 'scheme': s} for b, s in ((4, 'symmetric'), (4, 'asymmetric'))], input='odd')]
    for name in ('nf4', 'fp4'):
        yield name, f'formats.py, {name}', [
            *each(name, [{'block': b, 'scales': s} for b, s in (('64', 'float32'), ('64', 'double-quantized'))], sites=MORE),
            *each(name, [{'block': b, 'scales': s} for b, s in (('128', 'double-quantized'), ('256', 'float32'))], sites=FEW),
            *each(name, [{'block': '64', 'scales': s} for s in ('float32', 'double-quantized')], input='odd'),
            *([case(name, {'block': '64', 'scales': 'double-quantized'}, 'wide')] if name == 'nf4' else [])]
    yield 'fp8', 'formats.py, fp8', [
        *each('fp8', [{'format': f, 'granularity': g} for f in ('e4m3', 'e5m2') for g in ('tensor', 'channel')], sites=FEW),
        *each('fp8', [{'format': f, 'granularity': 'tensor'} for f in ('e4m3', 'e5m2')], input='odd')]
    yield 'mxfp4', 'formats.py, mxfp4', [case('mxfp4', {}, sites=MORE), case('mxfp4', {}, 'odd')]
    yield 'ternary', 'formats.py, ternary', [
        *each('ternary', [{'rule': r, 'granularity': g} for r in ('twn', 'absmean') for g in ('tensor', 'channel', 'group-8')], sites=FEW),
        *each('ternary', [{'rule': r, 'granularity': 'channel'} for r in ('twn', 'absmean')], input='odd')]
    yield 'binary', 'formats.py, binary', each('binary', [{'granularity': g} for g in ('tensor', 'channel', 'group-8')], sites=FEW)
    yield 'torch-dynamic-int8', 'int8.py, torch_dynamic_int8', [
        dynamic_case(engine, name, sites) for engine in ('fbgemm', 'qnnpack') for name, sites in (('small', MORE), ('odd', ['head.odd']))]
    yield 'llm-int8', 'int8.py, llm_int8', each('llm-int8', [{'threshold': t} for t in (6, 3, 100, 0.5)], sites=FEW)
    base = {'alpha': 0.5, 'bits': 8, 'granularity': 'channel'}
    yield 'smoothquant', 'int8.py, smoothquant', each('smoothquant', [base, {**base, 'alpha': 0}, {**base, 'alpha': 1}, {**base, 'alpha': 0.85, 'granularity': 'tensor'}, {**base, 'bits': 4}], sites=FEW)

    base = {'bits': 4, 'scheme': 'symmetric', 'granularity': 'channel', 'order': 'columns', 'damping': 0.01, 'blocksize': 128}
    yield 'gptq', 'gptq.py, gptq', [
        case('gptq', base, sites=MORE), case('gptq', {**base, 'order': 'activity', 'scheme': 'asymmetric'}, sites=MORE),
        *each('gptq', [{**base, **more} for more in (
            {'bits': 3, 'scheme': 'asymmetric'}, {'bits': 2}, {'bits': 8, 'damping': 0.1}, {'granularity': 'tensor', 'bits': 3}, {'order': 'activity', 'bits': 3},
            {'granularity': 'group-8'}, {'granularity': 'group-8', 'scheme': 'asymmetric', 'order': 'activity'}, {'granularity': 'group-16', 'blocksize': 24, 'bits': 3},
            {'granularity': 'group-16', 'blocksize': 8, 'scheme': 'asymmetric'}, {'blocksize': 8, 'bits': 3})], sites=FEW),
        case('gptq', {**base, 'granularity': 'group-32', 'order': 'activity'}, sites=HEAD)]
    base = {'bits': 4, 'scheme': 'symmetric', 'granularity': 'channel', 'grid': 20}
    yield 'awq', 'awq.py, awq', [
        case('awq', {**base, 'granularity': 'group-32', 'scheme': 'asymmetric'}, sites=HEAD),
        *each('awq', [{**base, **more} for more in ({}, {'scheme': 'asymmetric', 'bits': 3}, {'granularity': 'group-8'}, {'granularity': 'tensor', 'grid': 8}, {'bits': 2, 'grid': 40})], sites=FEW)]
    base = {'bits': 4, 'granularity': 'group-16', 'iterations': 20, 'zero': 'integer'}
    yield 'hqq', 'hqq.py, hqq', [
        case('hqq', {**base, 'granularity': 'group-64'}, sites=HEAD),
        *each('hqq', [{**base, **more} for more in ({}, {'zero': 'float'}, {'bits': 2}, {'bits': 3, 'granularity': 'channel', 'zero': 'float'}, {'iterations': 1, 'bits': 8}, {'iterations': 100, 'bits': 3})], sites=FEW)]
    yield 'svd', 'low_rank.py, svd', [*each('svd', [{'rank': r} for r in (0.5, 0.1, 0.01)], sites=FEW), case('svd', {'rank': 0.25}, sites=HEAD), case('svd', {'rank': 1}, 'odd')]
    yield 'low-rank-correction', 'low_rank.py, low_rank_correction', [*each('low-rank-correction', [{'rank': r} for r in (1, 8, 256)], input='rounded'), case('low-rank-correction', {'rank': 4}, sites=FEW)]


# --- torch's own int8 layer

def dynamic_linear(engine, w):
    """A linear layer without a bias as torch.ao.quantization.quantize_dynamic makes it, on one of torch's engines."""
    torch.backends.quantized.engine = engine
    plain = torch.nn.Sequential(torch.nn.Linear(w.shape[1], w.shape[0], bias=False))
    plain[0].weight.data = w.clone()
    return torch.ao.quantization.quantize_dynamic(plain, {torch.nn.Linear}, dtype=torch.qint8)[0]


def dynamic_case(engine, name, sites):
    """Weights, compared with torch's own codes to the bit, and what torch's own layer gives for two texts, one at a time."""
    layers = [layer for layer in SETS[name] if layer.name in sites]
    texts, answers = [], []
    for layer in layers:
        module = dynamic_linear(engine, layer.weight)
        packed = module.weight()
        ours = int8.torch_dynamic_int8(layer.weight)
        assert torch.equal(packed.dequantize(), ours), (engine, layer.name)
        x = X[str(layer.weight.shape[1])]
        for text in (x[:5], x[5:8]):
            theirs = module(text)
            mine = int8.text_affine(text[None], int8.TOPS[engine])[0] @ ours.T
            worst = (theirs - mine).abs().max() / theirs.abs().max()
            assert worst < 1e-6, (engine, layer.name, worst)
            texts.append(text_of(text))
            answers.append(text_of(theirs.detach()))
    return case('torch-dynamic-int8', {'engine': engine}, name, sites, activations={'kind': 'text-affine', 'top': int8.TOPS[engine]},
                texts=texts, answers=answers)


# --- torch's own functions, where ties do not decide

def check_with_torch():
    """torch.nn.utils.prune removes the same weights where no tie is left open; the sum of its choice is the same anyway."""
    for layer in SETS['small']:
        w = layer.weight
        module = torch.nn.Linear(w.shape[1], w.shape[0], bias=False)
        module.weight.data = w.clone()
        prune.l1_unstructured(module, 'weight', amount=round(0.5 * w.numel()))
        ours = torch.where(methods.masks_of('magnitude-layer', [layer], {'sparsity': 0.5})[0], 0, w)
        assert module.weight.detach().abs().sum() == ours.abs().sum() and (module.weight_mask == 0).sum() == round(0.5 * w.numel())
        module = torch.nn.Linear(w.shape[1], w.shape[0], bias=False)
        module.weight.data = w.clone()
        prune.ln_structured(module, 'weight', amount=round(0.5 * len(w)), n=1, dim=0)
        ours = torch.where(methods.masks_of('rows', [layer], {'sparsity': 0.5})[0], 0, w)
        assert torch.equal(module.weight.detach().abs().sum(1).sort().values, ours.abs().sum(1).sort().values), layer.name


def check_with_definitions():
    """GPTQ and SparseGPT against what they are a fast way to compute (Frantar et al. 2022, equation 2): whatever was done to the
    columns before, the weights behind them are those that change the layer's output least. And known values of tables."""
    for layer in [l for l in SETS['small'] if l.name in MORE]:
        h = layer.inputs.gram.clone()
        dead = h.diagonal() == 0
        h.diagonal()[dead] = 1
        h.diagonal().add_(0.01 * h.diagonal().mean())
        w = layer.weight.to(F64) * ~dead
        scale = grid_of(*ranges_of(layer.weight), 3, 'symmetric')[0][:, 0]
        rounded = gptq.gptq(layer, bits=3).to(F64)
        pruned = sparsegpt.sparsegpt([layer], 0.5, blocksize=16)[0].to(F64)
        for i in range(w.shape[1]):
            best = lambda done: (w[:, i:] - (done[:, :i] - w[:, :i]) @ h[:i, i:] @ torch.linalg.inv(h[i:, i:]))[:, 0]
            q = torch.where(layer.weight[:, i] == 0, 0, snap(best(rounded), scale.to(F64), None, 3))
            assert (q - rounded[:, i]).abs().max() < 1e-6, (layer.name, i)
            kept = pruned[:, i] != 0
            assert not kept.any() or (best(pruned) - pruned[:, i])[kept].abs().max() < 1e-6, (layer.name, i)
    levels = formats.dynamic_map()
    assert levels[:5].tolist() == [-0.992968738079071, -0.9789062738418579, -0.96484375, -0.9507812261581421, -0.936718761920929]
    assert len(levels) == 256 and levels[127] == 0 and levels[255] == 1 and (levels.diff() > 0).all()


def main():
    check_with_torch()
    check_with_definitions()
    FOLDER.mkdir(parents=True, exist_ok=True)
    heads = {name: dict(zip(('heads', 'keyValueHeads'), pair)) for name, pair in HEADS.items()}
    write('inputs', {
        'format': 'lossy-golden-inputs-1', 'torch': torch.__version__, 'source': 'training/reference/golden.py', 'heads': heads,
        'matrices': {name: [{'name': l.name, 'kind': l.kind, 'layer': l.block, 'stack': l.stack, 'cross': l.cross, 'rows': l.weight.shape[0],
                             'columns': l.weight.shape[1], 'values': text_of(l.weight), **({'original': text_of(l.original)} if l.original is not None else {})}
                            for l in layers] for name, layers in SETS.items()},
        'activations': {columns: text_of(x) for columns, x in X.items()}})
    total = 0
    for name, source, made in cases():
        size = write(name, {'format': 'lossy-golden-1', 'torch': torch.__version__, 'source': f'training/reference/{source}', 'cases': made})
        total += size
        print(f'{name}: {len(made)} cases, {size / 1000:.0f} kB', [c["extra"]["ties"] for c in made if c.get("extra", {}).get("ties")])
    print(f'{total / 1000:.0f} kB')


def write(name, content):
    text = json.dumps(content, separators=(',', ':')) + '\n'
    (FOLDER / f'{name}.json').write_text(text)
    return len(text)


if __name__ == '__main__': main()
