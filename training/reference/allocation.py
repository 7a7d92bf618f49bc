"""How much of each layer goes."""
import math

import torch

from .common import F64


def shares(layers, sparsity, allocation):
    """The share that is removed of each layer."""
    if allocation == 'erk': return erk(layers, sparsity)
    if allocation == 'owl': return owl(layers, sparsity)
    return [sparsity] * len(layers)


def erk(layers, sparsity):
    """Erdős-Rényi (kernel), Evci et al. 2020, section 3(1); the loop is that of get_sparsities_erdos_renyi in the RigL code:
    as long as the densest layer would be more than dense, it is made dense (with all of the same density), and eps is
    solved for the rest. Unlike there, counts are not rounded down before eps is solved."""
    size = [layer.weight.numel() for layer in layers]
    raw = [sum(layer.weight.shape) / n for layer, n in zip(layers, size)]
    dense = set()
    while len(dense) < len(layers):
        rest = [i for i in range(len(layers)) if i not in dense]
        wanted = (1 - sparsity) * sum(size) - sum(size[i] for i in dense)
        eps = wanted / sum(raw[i] * size[i] for i in rest)
        most = max(raw[i] for i in rest)
        if most * eps <= 1: break
        dense |= {i for i in rest if raw[i] == most}
    return [0.0 if i in dense else 1 - eps * raw[i] for i in range(len(layers))]


def owl(layers, sparsity, outlier=5, limit=0.08):
    """Outlier weighed layerwise sparsity, Yin et al. 2023, section 3.2: a block with more outliers (entries of |W|·||X||
    over `outlier` times the mean) keeps more. `limit` is the paper's lambda. As lib/prune_all.py of its code:
    x = (D - min) / (max - min) · 2·lambda; density = x - mean(x) + 1 - sparsity."""
    groups = {}
    for i, layer in enumerate(layers):
        groups.setdefault(None if layer.block is None else (layer.stack, layer.block), []).append(i)
    found = []
    for members in groups.values():
        every = torch.cat([(layers[i].weight.abs() * layers[i].inputs.norms).flatten() for i in members])
        found.append((every.to(F64) > outlier * every.to(F64).mean()).sum().item() / every.numel())
    low, high = min(found), max(found)
    if low == high: return [sparsity] * len(layers)
    x = [(d - low) / (high - low) * 2 * limit for d in found]
    mean = math.fsum(x) / len(x)
    made = [0.0] * len(layers)
    for members, value in zip(groups.values(), x):
        for i in members: made[i] = 1 - min(max(value - mean + (1 - sparsity), 0), 1)
    return made
