#!/usr/bin/env python3
"""Reference curves for a trained model, computed with PyTorch and Hugging Face transformers.

usage: reference.py MODEL FOLDER OUT.json      (FOLDER holds what train.py left: weights.pt, tokenizer.json)

Probes: for each relation the first 200 distinct subjects of the suite that have an answer of one token; all such answers
of a subject are accepted. 'seen' asks trained facts with the first training template that the family can be asked with,
'paraphrase' with the first probe template, 'held-out' facts that were never trained with the training template. A hit: the
highest logit at the blank, over the whole vocabulary, is an accepted answer. Texts of equal length go together, unpadded.

Scopes are those of the paper (section 2.2 of its digest) for each family; weights only, never biases, norms, embeddings:
  encoder          attention: query, key, value; feed-forward: intermediate, output and attention output
  decoder          attention: all of it; feed-forward: both layers of the MLP
  encoder-decoder  attention: all of it in both halves; feed-forward: wi_0, wi_1, wo; and the attention's three parts
  overall          every linear layer but the last one; decoder: the last one alone, its embedding left as it was
Methods: magnitude-global, magnitude-layer, magnitude-n-m, wanda, rtn as in torch.nn.utils.prune and in round_to_nearest
below; steps are applied in their order. Wanda's norms: over all tokens of the first 256 'seen' prompts of the uncompressed
model (the lab's seed 0). All in float32 on a GPU, where dividing by a scale is multiplying by its reciprocal.
"""
import json, pathlib, re, sys
import torch
from tokenizers import Tokenizer
from torch import nn
from transformers.pytorch_utils import Conv1D

import data, shapes

name, folder, out = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
family, make, size = shapes.MODELS[name]
device = 'cuda' if torch.cuda.is_available() else 'cpu'
torch.backends.cuda.matmul.allow_tf32 = False
torch.backends.cudnn.allow_tf32 = False

LAST = {'encoder': 'cls.predictions.decoder', 'decoder': 'lm_head', 'encoder-decoder': 'lm_head'}[family]
ATTENTION = {'encoder': r'attention', 'decoder': r'\.attn\.', 'encoder-decoder': r'Attention\.'}[family]


class Layer:
    """A linear layer; `weight` is [outputs, inputs], whichever way the module holds it."""

    def __init__(self, path, module): self.path, self.module, self.flip = path, module, isinstance(module, Conv1D)

    @property
    def weight(self): return self.module.weight.data.T if self.flip else self.module.weight.data

    @weight.setter
    def weight(self, value): self.module.weight.data = (value.T if self.flip else value).contiguous()


def layers(model):
    return [Layer(path, module) for path, module in model.named_modules() if isinstance(module, (nn.Linear, Conv1D))]


def scope_of(model, scope):
    attends = lambda path: bool(re.search(ATTENTION, path))
    if scope == 'attention' and family == 'encoder': test = lambda p: re.search(r'attention\.self\.', p)
    elif scope == 'feed-forward' and family == 'encoder': test = lambda p: '.encoder.' in p and not re.search(r'attention\.self\.', p)
    else: test = {
        'overall': lambda p: p != LAST, 'decoder': lambda p: p == LAST,
        'attention': lambda p: p != LAST and attends(p), 'attention-block': lambda p: p != LAST and attends(p),
        'feed-forward': lambda p: p != LAST and not attends(p), 'mlp': lambda p: p != LAST and 'predictions' not in p and not attends(p),
        'encoder-attention': lambda p: p.startswith('encoder') and attends(p),
        'decoder-attention': lambda p: p.startswith('decoder') and 'SelfAttention' in p,
        'cross-attention': lambda p: 'EncDecAttention' in p,
    }[scope]
    return [layer for layer in layers(model) if test(layer.path)]


def round_to_nearest(w, bits, scheme, granularity):
    if granularity == 'tensor': view = w.reshape(1, -1)
    elif granularity == 'channel': view = w
    else: view = w.reshape(-1, int(granularity.split('-')[1]))
    if scheme == 'symmetric':
        top = 2 ** (bits - 1) - 1
        scale = view.abs().amax(1, keepdim=True) / top
        scale[scale == 0] = 1
        view = (view / scale).round().clamp(-top, top) * scale
    else:
        top = 2 ** bits - 1
        low, high = view.amin(1, keepdim=True).clamp(max=0), view.amax(1, keepdim=True).clamp(min=0)
        scale = (high - low) / top
        scale[scale == 0] = 1
        zero = (-low / scale).round()
        view = ((view / scale).round() + zero).clamp(0, top).sub(zero) * scale
    return view.reshape(w.shape)


def keep_largest(metric, drop):
    order = metric.argsort(dim=1, stable=True)
    return torch.ones_like(metric).scatter_(1, order[:, :drop], 0)


def apply(model, step, norms):
    chosen = scope_of(model, step['scope'])
    method = step['method']
    if method == 'magnitude-global':
        flat = torch.cat([layer.weight.abs().flatten() for layer in chosen])
        dropped = torch.topk(flat, k=round(step['sparsity'] * flat.numel()), largest=False).indices
        mask = torch.ones_like(flat)
        mask[dropped] = 0
        for layer, part in zip(chosen, mask.split([layer.weight.numel() for layer in chosen])):
            layer.weight = layer.weight * part.view_as(layer.weight)
        return
    for layer in chosen:
        w = layer.weight
        if method == 'magnitude-layer':
            layer.weight = w * keep_largest(w.abs().reshape(1, -1), round(step['sparsity'] * w.numel())).view_as(w)
        elif method == 'magnitude-n-m':
            groups = w.abs().reshape(-1, step['m'])
            order = groups.argsort(dim=1, descending=True, stable=True)
            layer.weight = w * torch.zeros_like(groups).scatter_(1, order[:, :step['n']], 1).view_as(w)
        elif method == 'wanda':
            layer.weight = w * keep_largest(w.abs() * norms[layer.path], round(step['sparsity'] * w.shape[1]))
        else: layer.weight = round_to_nearest(w, step['bits'], step['scheme'], step['granularity'])


def activation_norms(model, items):
    sums, hooks = {}, []
    for layer in scope_of(model, 'overall'):
        def hook(_, inputs, __, path=layer.path): sums[path] = sums.get(path, 0) + inputs[0].reshape(-1, inputs[0].shape[-1]).double().pow(2).sum(0)
        hooks.append(layer.module.register_forward_hook(hook))
    for item in items[:256]:
        ids = torch.tensor([item[2]], device=device)
        with torch.no_grad():
            if family == 'encoder-decoder': model(input_ids=ids, decoder_input_ids=torch.tensor([[0, model.config.vocab_size - 1]], device=device))
            else: model(input_ids=ids)
    for hook in hooks: hook.remove()
    return {path: total.sqrt().float() for path, total in sums.items()}


def settings():
    shares = [round(0.1 * i, 1) for i in range(1, 10)]
    scopes = ['overall', 'attention', 'feed-forward', 'decoder']
    if family == 'encoder-decoder': scopes += ['encoder-attention', 'decoder-attention', 'cross-attention']
    if family == 'encoder': scopes += ['attention-block', 'mlp']
    yield []
    for scope in scopes:
        for share in shares: yield [dict(method='magnitude-global', scope=scope, sparsity=share)]
    for share in [0.3, 0.5, 0.7]:
        yield [dict(method='magnitude-layer', scope='overall', sparsity=share)]
        yield [dict(method='wanda', scope='mlp', sparsity=share, seed=0)]
        yield [dict(method='wanda', scope='attention-block', sparsity=share, seed=0)]
    for n, m in [(2, 4), (4, 8)]: yield [dict(method='magnitude-n-m', scope='overall', n=n, m=m)]
    for bits in [8, 6, 4, 3, 2]:
        for grain in ['tensor', 'channel', 'group-64']:
            for scheme in ['symmetric', 'asymmetric']: yield [dict(method='rtn', scope='overall', bits=bits, scheme=scheme, granularity=grain)]
    for scope in scopes[1:]:
        for bits in [4, 3]: yield [dict(method='rtn', scope=scope, bits=bits, scheme='symmetric', granularity='channel')]
    for share in [0.2, 0.4]:
        p = dict(method='magnitude-global', scope='overall', sparsity=share)
        q = dict(method='rtn', scope='overall', bits=4, scheme='symmetric', granularity='channel')
        yield [p, q]
        yield [q, p]


def main():
    tokenizer = Tokenizer.from_file(str(folder / 'tokenizer.json'))
    probes = data.probes(family, tokenizer)
    model = make(**size).eval()
    weights = torch.load(folder / 'weights.pt', map_location='cpu')
    model.load_state_dict({key: value.float() for key, value in weights.items()})
    model.to(device)
    if family == 'encoder-decoder':
        # Untied, the head would no longer be scaled: the scale goes into what it reads, as in the tied model.
        assert model.config.tie_word_embeddings
    # The last layer is compressed without the embedding that it shares its weights with.
    head = model.get_submodule(LAST)
    head.weight = nn.Parameter(head.weight.data.clone())
    original = {path: layer.weight.clone() for path, layer in ((l.path, l) for l in layers(model))}
    norms = activation_norms(model, probes['seen'])
    first = {}
    for i, item in enumerate(probes['seen']): first.setdefault(item[0], i)
    runs, samples = [], []
    for steps in settings():
        for layer in layers(model): layer.weight = original[layer.path].clone()
        for step in steps: apply(model, step, norms)
        half = steps == [dict(method='magnitude-global', scope='overall', sparsity=0.5)]
        for kind, items in probes.items():
            wanted = first.values() if kind == 'seen' and (not steps or half) else ()
            hits, relations, kept = data.score(family, model, items, device, wanted)
            run = {'template': kind, 'steps': steps, 'hits': hits, 'probes': len(items)}
            if not steps or half: run['relations'] = relations
            runs.append(run)
            for relation, i in first.items() if kept else ():
                row = kept[i]
                top = row.topk(5)
                samples.append({'steps': steps, 'relation': relation, 'subject': items[i][1], 'ids': items[i][2], 'at': items[i][3], 'gold': sorted(items[i][4]),
                                'top': [[int(t), round(float(v), 5)] for t, v in zip(top.indices, top.values)],
                                'logSumExp': round(float(row.logsumexp(0)), 5)})
    json.dump({'format': 'lossy-reference-2', 'model': name, 'family': family, 'torch': torch.__version__,
               'device': torch.cuda.get_device_name() if device == 'cuda' else 'cpu', 'runs': runs, 'samples': samples}, open(out, 'w'), separators=(',', ':'))
    for run in runs:
        if len(run['steps']) < 2 and run['template'] == 'seen': print(name, run['steps'], run['hits'], flush=True)


main()
