#!/usr/bin/env python3
"""What models know after each method, by PyTorch: writes src/lab/test/reference/methods-MODEL.json, which `npm run parity -- --methods`
compares the lab with. Needs nothing but the repository's files.

usage, in the root of the repository: python3 -m training.reference.accuracy MODEL [--device cuda] [--out FILE] [--only METHOD] [--check]

The model is rebuilt from the shipped ONNX file and must have the hits of src/lab/test/reference/MODEL.json, uncompressed, in all three
wordings (--check does only this). Probes: 'seen', of each relation the first 56 subjects. Activations are measured on all tokens
of 256 'seen' prompts of the uncompressed model, sums in double: the first ones for seed 0, else those whose number, mixed with the
seed, gives the smallest keys.
"""
import argparse, contextlib, copy, json, pathlib, sys, time, types

import numpy as np, onnx, torch
from onnx import numpy_helper
from tokenizers import Tokenizer
from torch import nn
from transformers.pytorch_utils import Conv1D

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / 'training/models'))
import data, shapes  # noqa: E402
from . import int8, methods  # noqa: E402
from .common import F32, F64, Inputs, Layer, fmix32, smallest  # noqa: E402

SUBJECTS = 56
PROMPTS = 256

# The lab's name of a site → its kind, its torch module and its scopes.
SITES = {
    'encoder': {
        'encoder.{}.attention.query': ('query', 'bert.encoder.layer.{}.attention.self.query'),
        'encoder.{}.attention.key': ('key', 'bert.encoder.layer.{}.attention.self.key'),
        'encoder.{}.attention.value': ('value', 'bert.encoder.layer.{}.attention.self.value'),
        'encoder.{}.attention.output': ('attention-output', 'bert.encoder.layer.{}.attention.output.dense'),
        'encoder.{}.feed-forward.intermediate': ('intermediate', 'bert.encoder.layer.{}.intermediate.dense'),
        'encoder.{}.feed-forward.output': ('output', 'bert.encoder.layer.{}.output.dense'),
        'head.transform': ('transform', 'cls.predictions.transform.dense'),
        'head.decoder': ('decoder', 'cls.predictions.decoder'),
    },
    'decoder': {
        'decoder.{}.attention.query-key-value': ('query-key-value', 'transformer.h.{}.attn.c_attn'),
        'decoder.{}.attention.output': ('attention-output', 'transformer.h.{}.attn.c_proj'),
        'decoder.{}.feed-forward.intermediate': ('intermediate', 'transformer.h.{}.mlp.c_fc'),
        'decoder.{}.feed-forward.output': ('output', 'transformer.h.{}.mlp.c_proj'),
        'head.decoder': ('decoder', 'lm_head'),
    },
}
ATTENTION = ('query', 'key', 'value', 'query-key-value', 'attention-output')
MLP = ('intermediate', 'output')
SCOPES = {'overall': (*ATTENTION, *MLP, 'transform'), 'attention-block': ATTENTION, 'mlp': MLP, 'decoder': ('decoder',)}


# --- the model

def build(name):
    """The model of a shipped ONNX file, every linear layer an nn.Linear, the last one untied from the embedding."""
    family, make, size = shapes.MODELS[name]
    model = make(**size).eval()
    graph = onnx.load(ROOT / 'public/models' / name / 'model.onnx').graph
    stored = {t.name: numpy_helper.to_array(t).astype(np.float32) for t in graph.initializer if t.name.endswith('_half')}
    cast = {node.output[0]: stored[node.input[0]] for node in graph.node if node.op_type == 'Cast' and node.input[0] in stored}
    weights = {name.removeprefix('model.'): values for name, values in cast.items() if name.startswith('model.')}
    # The exporter renames what it turns: a MatMul's name says whose weights it multiplies by.
    for node in graph.node:
        if node.op_type == 'MatMul' and node.input[1] in cast and node.name.endswith('/MatMul'):
            weights[node.name.removeprefix('/model/').removesuffix('/MatMul').replace('/', '.') + '.weight'] = cast[node.input[1]].T
    own = model.state_dict()
    tied = {'encoder': {'cls.predictions.decoder.weight': 'bert.embeddings.word_embeddings.weight', 'cls.predictions.decoder.bias': 'cls.predictions.bias'},
            'decoder': {'lm_head.weight': 'transformer.wte.weight'}}[family]
    state = {key: torch.tensor(weights[tied.get(key, key)]) for key in own if not key.endswith('position_ids')}
    model.load_state_dict(state, strict=True)
    for path, module in list(model.named_modules()):
        if isinstance(module, Conv1D): set_module(model, path, linear(module.weight.data.T, module.bias.data))
    head = model.get_submodule(SITES[family]['head.decoder'][1])
    head.weight = nn.Parameter(head.weight.data.clone())
    return family, model


def linear(weight, bias):
    made = nn.Linear(weight.shape[1], weight.shape[0])
    made.weight, made.bias = nn.Parameter(weight.contiguous().clone()), nn.Parameter(bias.clone())
    return made


def set_module(model, path, module):
    parent, _, name = path.rpartition('.')
    setattr(model.get_submodule(parent), name, module)


def sites_of(family, model):
    """(lab's name, kind, block or None, module's path), in the lab's order."""
    blocks = 0
    while f'{"bert.encoder.layer" if family == "encoder" else "transformer.h"}.{blocks}' in dict(model.named_modules()): blocks += 1
    inner = [(name.format(i), kind, i, path.format(i)) for i in range(blocks) for name, (kind, path) in SITES[family].items() if '{}' in name]
    return inner + [(name, kind, None, path) for name, (kind, path) in SITES[family].items() if '{}' not in name]


# --- asking

class Asked:
    """The model as data.answer calls it; the encoder's transform sees all tokens of a text, as in Hugging Face's own forward pass."""

    def __init__(self, family, model):
        self.config = model.config
        if family == 'encoder':
            self.bert = lambda input_ids: types.SimpleNamespace(last_hidden_state=model.cls.predictions.transform(model.bert(input_ids=input_ids).last_hidden_state))
            self.cls = model.cls.predictions.decoder
        else: self.transformer, self.lm_head = model.transformer, model.lm_head


def answers(family, model, items, device, batch=256): return data.answer(family, Asked(family, model), items, device, batch=batch)[0]
def hits_of(best, items): return sum(token in item[4] for token, item in zip(best, items))


def first_subjects(items):
    """The first subjects of each relation, in their order."""
    seen, chosen = {}, []
    for item in items:
        seen[item[0]] = seen.get(item[0], 0) + 1
        if seen[item[0]] <= SUBJECTS: chosen.append(item)
    return chosen


def drawn(items, seed):
    """The prompts that activations are measured on, in their order."""
    if seed == 0: return items[:PROMPTS]
    keys = fmix32(torch.arange(len(items)) ^ int(fmix32(torch.tensor(seed))))
    return [item for item, chosen in zip(items, smallest(keys, PROMPTS).tolist()) if chosen]


def measure(family, model, sites, items, device):
    """Σ|x|, Σx², max|x| and Σxxᵀ at each site over all tokens, in double; a text at a time, as it comes."""
    sums, hooks = {}, []
    for name, _, _, path in sites:
        def hook(module, inputs, name=name):
            x = inputs[0].reshape(-1, inputs[0].shape[-1]).to(F64)
            add(sums.setdefault(name, {}), tokens=len(x), abs_sum=x.abs().sum(0), energy=x.square().sum(0), gram=x.T @ x)
            most = x.abs().amax(0)
            sums[name]['abs_max'] = torch.maximum(sums[name].get('abs_max', most), most)
        hooks.append(model.get_submodule(path).register_forward_pre_hook(hook))
    asked = Asked(family, model)
    with torch.no_grad():
        for item in items:
            ids = torch.tensor([item[2]], device=device)
            if family == 'encoder': asked.cls(asked.bert(input_ids=ids).last_hidden_state)
            else: model(input_ids=ids)
    for hook in hooks: hook.remove()
    return {name: Inputs(s['tokens'], s['abs_sum'], s['energy'], s['abs_max'].to(F32), s['gram']) for name, s in sums.items()}


def add(sums, **more):
    for key, value in more.items(): sums[key] = sums.get(key, 0) + value


# --- recipes

CALIBRATION = dict(text='suite', prompts=PROMPTS, seed=0)


def step(method, scope='overall', **params): return dict(method=method, scope=scope, **params)
def measured(method, scope='overall', **params): return step(method, scope, **params, **CALIBRATION)


def settings():
    """Complete recipes, as the lab writes them."""
    def rtn(bits, scheme='symmetric', granularity='channel', clipping='minmax', percentile=99.9):
        return step('rtn', bits=bits, scheme=scheme, granularity=granularity, clipping=clipping, percentile=percentile)

    def sparsegpt(sparsity, allocation='uniform'):
        return measured('sparsegpt', sparsity=sparsity, allocation=allocation, blocksize=128, damping=0.01)

    def gptq(bits, scheme='symmetric', granularity='channel', order='columns'):
        return measured('gptq', bits=bits, scheme=scheme, granularity=granularity, order=order, damping=0.01, blocksize=128)

    def part(method, scope, share, criterion, seed=0):
        return step(method, scope, sparsity=share, criterion=criterion, text='suite', prompts=PROMPTS, seed=seed)

    shares = (0.3, 0.5, 0.7)
    yield []
    for s in shares: yield [step('magnitude-global', sparsity=s)]
    for s in shares: yield [step('magnitude-layer', sparsity=s, allocation='uniform')]
    for s in shares[:2]: yield [step('magnitude-layer', sparsity=s, allocation='erk')]
    for s in shares: yield [step('magnitude-row', sparsity=s)]
    for n, m in ((2, 4), (3, 4), (4, 8)): yield [step('magnitude-n-m', n=n, m=m)]
    for s, allocation in ((0.1, 'uniform'), (0.3, 'uniform'), (0.3, 'erk')): yield [step('random', sparsity=s, allocation=allocation, seed=1)]
    for s in shares: yield [measured('wanda', sparsity=s, allocation='uniform')]
    for allocation in ('erk', 'owl'): yield [measured('wanda', sparsity=0.5, allocation=allocation)]
    for n, m in ((2, 4), (4, 8)): yield [measured('wanda-n-m', n=n, m=m)]
    for s in shares: yield [sparsegpt(s)]
    for allocation in ('erk', 'owl'): yield [sparsegpt(0.5, allocation)]
    for n, m in ((2, 4), (4, 8)): yield [measured('sparsegpt-n-m', n=n, m=m, blocksize=128, damping=0.01)]
    for s, criterion, seed in ((0.1, 'magnitude', 0), (0.3, 'magnitude', 0), (0.1, 'activation', 0), (0.3, 'activation', 0), (0.1, 'random', 1)):
        yield [part('heads', 'attention-block', s, criterion, seed)]
    for s, criterion, seed in ((0.1, 'magnitude', 0), (0.3, 'magnitude', 0), (0.3, 'activation', 0), (0.1, 'random', 1)):
        yield [part('neurons', 'mlp', s, criterion, seed)]
    for s, criterion, seed in ((0.2, 'magnitude', 0), (0.3, 'magnitude', 0), (0.2, 'activation', 0), (0.2, 'random', 1)):
        yield [part('layers', 'overall', s, criterion, seed)]
    for s, criterion, seed in ((0.05, 'magnitude', 0), (0.2, 'magnitude', 0), (0.2, 'activation', 0), (0.05, 'random', 1)):
        yield [part('rows', 'overall', s, criterion, seed)]
    # The paper's three ways to prune the last layer alone.
    for s in (0.3, 0.6):
        yield [step('magnitude-layer', 'decoder', sparsity=s, allocation='uniform')]
        yield [step('random', 'decoder', sparsity=s, allocation='uniform', seed=1)]
        yield [part('rows', 'decoder', s, 'magnitude')]

    for bits in (4, 3): yield [rtn(bits)]
    for bits, scheme, granularity in ((4, 'symmetric', 'channel'), (3, 'symmetric', 'channel'), (3, 'asymmetric', 'group-64')):
        yield [rtn(bits, scheme, granularity, 'mse')]
    for bits, granularity, percentile in ((4, 'channel', 99.9), (4, 'tensor', 99.9), (3, 'channel', 99)):
        yield [rtn(bits, 'symmetric', granularity, 'percentile', percentile)]
    for method in ('nf4', 'fp4'):
        for block, scales in (('64', 'double-quantized'), ('256', 'float32')): yield [step(method, block=block, scales=scales)]
    for fmt in ('e4m3', 'e5m2'):
        for granularity in ('tensor', 'channel'): yield [step('fp8', format=fmt, granularity=granularity)]
    yield [step('mxfp4')]
    yield [step('mxfp4', 'mlp')]
    for rule in ('twn', 'absmean'):
        for granularity in ('channel', 'group-64'): yield [step('ternary', rule=rule, granularity=granularity)]
    for granularity in ('channel', 'group-64'): yield [step('binary', granularity=granularity)]
    for engine in ('fbgemm', 'qnnpack'): yield [step('torch-dynamic-int8', engine=engine)]
    for threshold in (6, 3): yield [measured('llm-int8', threshold=threshold)]
    for alpha, bits, granularity in ((0.5, 8, 'channel'), (0.8, 8, 'tensor'), (0.5, 6, 'channel'), (0.5, 4, 'channel')):
        yield [measured('smoothquant', alpha=alpha, bits=bits, granularity=granularity)]
    yield [gptq(4)]
    yield [gptq(3)]
    yield [gptq(3, order='activity')]
    yield [gptq(3, 'asymmetric', 'group-64')]
    yield [gptq(2, 'asymmetric', 'group-64', 'activity')]
    for bits, scheme, granularity in ((4, 'asymmetric', 'group-64'), (3, 'asymmetric', 'group-64'), (3, 'symmetric', 'channel')):
        yield [measured('awq', bits=bits, scheme=scheme, granularity=granularity, grid=20)]
    for bits, zero in ((4, 'integer'), (3, 'integer'), (3, 'float'), (2, 'integer')): yield [step('hqq', bits=bits, granularity='group-64', iterations=20, zero=zero)]
    for rank in (0.9, 0.7, 0.5): yield [step('svd', rank=rank)]
    for rank in (8, 32): yield [rtn(3), step('low-rank-correction', rank=rank)]
    # Orders of two steps.
    yield [sparsegpt(0.5), gptq(4)]
    yield [gptq(4), sparsegpt(0.5)]
    yield [measured('wanda', sparsity=0.5, allocation='uniform'), step('nf4', block='64', scales='double-quantized')]
    yield [step('nf4', block='64', scales='double-quantized'), measured('wanda', sparsity=0.5, allocation='uniform')]
    # Measured on texts of all relations: the first ones are about two of them.
    for steps in (
        *([measured('wanda', sparsity=s, allocation='uniform')] for s in (0.5, 0.7)), *([sparsegpt(s)] for s in (0.5, 0.7)),
        [measured('wanda-n-m', n=2, m=4)], [measured('sparsegpt-n-m', n=2, m=4, blocksize=128, damping=0.01)],
        [gptq(4)], [gptq(3)], [gptq(3, 'asymmetric', 'group-64', 'activity')], [measured('awq', bits=3, scheme='symmetric', granularity='channel', grid=20)],
        [sparsegpt(0.5), gptq(4)]):
        yield [{**s, 'seed': 1} for s in steps]


class Lab:
    """A model that is compressed and asked."""

    def __init__(self, name, device):
        self.name, self.device = name, device
        self.family, self.model = build(name)
        self.model.to(device)
        self.probes = data.probes(self.family, Tokenizer.from_file(str(ROOT / 'public/models' / name / 'tokenizer.json')))
        self.sites = sites_of(self.family, self.model)
        self.original = {site: self.module(path).weight.data.clone() for site, _, _, path in self.sites}
        self.items = first_subjects(self.probes['seen'])
        self.heads = self.model.config.num_attention_heads
        self.inputs = {}

    def module(self, path): return self.model.get_submodule(path)

    def check(self):
        """The hits of the reference, uncompressed, in all three wordings."""
        known = json.loads((ROOT / f'src/lab/test/reference/{self.name}.json').read_text())
        for run in known['runs']:
            if run['steps']: continue
            items = self.probes[run['template']]
            hits = hits_of(answers(self.family, self.model, items, self.device), items)
            print(self.name, run['template'], hits, 'of', len(items), '; the reference has', run['hits'], 'of', run['probes'], flush=True)
            assert (hits, len(items)) == (run['hits'], run['probes'])

    def measured(self, seed):
        """What enters each site of the model as it is now; asked for before anything is compressed."""
        if seed not in self.inputs:
            sites = [site for site in self.sites if site[1] != 'decoder']
            self.inputs[seed] = measure(self.family, self.model, sites, drawn(self.probes['seen'], seed), self.device)
        return self.inputs[seed]

    def layers(self, scope, inputs={}):
        return [(path, Layer(name, kind, self.module(path).weight.data, block, self.family, False, inputs.get(name), self.original[name]))
                for name, kind, block, path in self.sites if kind in SCOPES[scope]]

    @contextlib.contextmanager
    def compressed(self, steps):
        """The model after a recipe's steps, as long as the context lasts."""
        hooks = []
        inputs = [self.measured(current['seed']) if 'prompts' in current else {} for current in steps]
        for current, measured in zip(steps, inputs):
            chosen = self.layers(current['scope'], measured)
            params = {key: value for key, value in current.items() if key not in ('method', 'scope')}
            made = methods.weights_of(current['method'], [layer for _, layer in chosen], params, self.heads, self.heads)
            for (path, layer), weight in zip(chosen, made):
                change = methods.activations_of(current['method'], layer, params)
                if change: hooks.append(self.module(path).register_forward_pre_hook(lambda _, x, change=change: (change(x[0]), *x[1:])))
                self.module(path).weight.data = weight
        try: yield
        finally:
            for hook in hooks: hook.remove()
            for name, _, _, path in self.sites: self.module(path).weight.data = self.original[name].clone()

    def torch_dynamic(self, engine):
        """The hits of torch's own int8 modules, one text at a time: what the simulation must agree with."""
        torch.backends.quantized.engine = engine
        chosen = {path: torch.ao.quantization.default_dynamic_qconfig for path, _ in self.layers('overall')}
        model = torch.ao.quantization.quantize_dynamic(copy.deepcopy(self.model).cpu(), chosen, dtype=torch.qint8)
        assert sum(isinstance(m, torch.ao.nn.quantized.dynamic.Linear) for m in model.modules()) == len(chosen)
        return answers(self.family, model, self.items, 'cpu', batch=1)


def run(name, device, out, only):
    lab = Lab(name, device)
    lab.check()
    result = {'format': 'lossy-reference-methods-1', 'model': name, 'torch': torch.__version__, 'subjects': SUBJECTS, 'runs': []}
    for steps in settings():
        if only and only not in [s['method'] for s in steps]: continue
        start = time.time()
        with lab.compressed(steps): best = answers(lab.family, lab.model, lab.items, device)
        hits, note = hits_of(best, lab.items), ''
        if steps and steps[0]['method'] == 'torch-dynamic-int8':
            real = lab.torch_dynamic(steps[0]['engine'])
            note = f'torch’s own modules: {hits_of(real, lab.items)}; {sum(a != b for a, b in zip(real, best))} other answers than the simulation'
            hits = hits_of(real, lab.items)
        result['runs'].append({'steps': steps, 'hits': hits, 'probes': len(lab.items)})
        words = '; '.join(' '.join(f'{value}' for key, value in s.items() if key not in methods.CALIBRATION) for s in steps)
        print(f'{name}\t{hits}\t{len(lab.items)}\t{time.time() - start:.1f} s\t{words}\t{note}', flush=True)
        out.write_text(json.dumps(result, separators=(',', ':')).replace('{"steps"', '\n{"steps"') + '\n')


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    parser.add_argument('model')
    parser.add_argument('--device', default='cpu')
    parser.add_argument('--out', type=pathlib.Path)
    parser.add_argument('--only')
    parser.add_argument('--check', action='store_true')
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.backends.cuda.matmul.allow_tf32 = False
    if options.check: Lab(options.model, options.device).check()
    else: run(options.model, options.device, options.out or ROOT / f'src/lab/test/reference/methods-{options.model}.json', options.only)
