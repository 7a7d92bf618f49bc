"""Every method of the lab under its id, with the lab's parameters and defaults."""
import torch

from . import awq as _awq, formats, gptq as _gptq, hqq as _hqq, int8, low_rank, pruning, rounding, sparsegpt, structured

# What a layer's input goes through at run time is set by these (see `activations_of`).
AT_RUN_TIME = ('torch-dynamic-int8', 'llm-int8', 'smoothquant')
CALIBRATION = ('text', 'prompts', 'seed')

# Parameters that are measured with, or drawn with, are not the method's own, but these methods have a seed of their own.
SEEDED = ('random', 'heads', 'neurons', 'layers', 'rows')


def masks_of(method, layers, p, heads=0, key_value_heads=0):
    """What goes, for methods that change nothing but what they remove; None for others."""
    part = dict(criterion=p.get('criterion', 'magnitude'), seed=p.get('seed', 1))
    if method == 'magnitude-global': return pruning.magnitude_global(layers, p.get('sparsity', 0.5))
    if method == 'magnitude-layer': return pruning.magnitude_layer(layers, p.get('sparsity', 0.5), p.get('allocation', 'uniform'))
    if method == 'magnitude-row': return pruning.magnitude_row(layers, p.get('sparsity', 0.5))
    if method == 'magnitude-n-m': return pruning.magnitude_n_m(layers, p.get('n', 2), p.get('m', 4))
    if method == 'random': return pruning.random(layers, p.get('sparsity', 0.5), p.get('allocation', 'uniform'), p.get('seed', 1))
    if method == 'wanda': return pruning.wanda(layers, p.get('sparsity', 0.5), p.get('allocation', 'uniform'))
    if method == 'wanda-n-m': return pruning.wanda_n_m(layers, p.get('n', 2), p.get('m', 4))
    if method == 'heads': return structured.heads(layers, p['sparsity'], **part, heads=heads, key_value_heads=key_value_heads)
    if method == 'neurons': return structured.neurons(layers, p['sparsity'], **part)
    if method == 'layers': return structured.whole_layers(layers, p['sparsity'], **part)
    if method == 'rows': return structured.rows(layers, p['sparsity'], **part)
    return None


def weights_of(method, layers, p, heads=0, key_value_heads=0):
    """The weights that a step leaves, one tensor for each layer."""
    masks = masks_of(method, layers, p, heads, key_value_heads)
    if masks is not None: return [torch.where(mask, 0, layer.weight) for mask, layer in zip(masks, layers)]
    own = {key: value for key, value in p.items() if key not in CALIBRATION}
    if method == 'sparsegpt': return sparsegpt.sparsegpt(layers, **own)
    if method == 'sparsegpt-n-m': return sparsegpt.sparsegpt_n_m(layers, **own)
    each = {
        'rtn': lambda l: rounding.rtn(l.weight, **own),
        'nf4': lambda l: formats.nf4(l.weight, **own),
        'fp4': lambda l: formats.fp4(l.weight, **own),
        'fp8': lambda l: formats.fp8(l.weight, **own),
        'mxfp4': lambda l: formats.mxfp4(l.weight),
        'ternary': lambda l: formats.ternary(l.weight, **own),
        'binary': lambda l: formats.binary(l.weight, **own),
        'torch-dynamic-int8': lambda l: int8.torch_dynamic_int8(l.weight),
        'llm-int8': lambda l: int8.llm_int8(l.weight, l.inputs, **own)[0],
        'smoothquant': lambda l: int8.smoothquant(l.weight, l.inputs, **own)[0],
        'gptq': lambda l: _gptq.gptq(l, **{key: value for key, value in own.items() if key != 'blocksize'}),
        'awq': lambda l: _awq.awq(l, **own)[0],
        'hqq': lambda l: _hqq.hqq(l.weight, **own)[0],
        'svd': lambda l: low_rank.svd(l.weight, **own),
        'low-rank-correction': lambda l: low_rank.low_rank_correction(l.weight, l.weight if l.original is None else l.original, **own),
    }[method]
    return [each(layer) for layer in layers]


def activations_of(method, layer, p):
    """What happens to [texts, tokens, features] before a layer multiplies, as a function; None where nothing does. `layer`
    holds the weights as they were before the step."""
    if method == 'torch-dynamic-int8':
        top = int8.TOPS[p.get('engine', 'fbgemm')]
        return lambda x: int8.text_affine(x, top)
    if method == 'llm-int8':
        _, kept = int8.llm_int8(layer.weight, layer.inputs, p.get('threshold', 6))
        return lambda x: int8.token_symmetric(x, 8, kept)
    if method == 'smoothquant':
        own = {key: value for key, value in p.items() if key not in CALIBRATION}
        _, s = int8.smoothquant(layer.weight, layer.inputs, **own)
        return lambda x: int8.token_symmetric(x, p.get('bits', 8), (), s)
    return None
