"""Removing single weights. Each function returns the mask of what goes, one for each layer."""
import torch

from .allocation import shares
from .common import count, largest_in_groups, random_keys, smallest, smallest_in_rows


def magnitude_global(layers, sparsity):
    """Namburi et al. 2023, section 4.1: torch.nn.utils.prune.global_unstructured with L1Unstructured."""
    every = torch.cat([layer.weight.abs().flatten() for layer in layers])
    marks = smallest(every, count(sparsity, every.numel()))
    return [part.view_as(layer.weight) for part, layer in zip(marks.split([l.weight.numel() for l in layers]), layers)]


def magnitude_layer(layers, sparsity, allocation='uniform'):
    """Han et al. 2015, section 3: L1Unstructured in each layer."""
    return [smallest(layer.weight.abs(), count(share, layer.weight.numel()))
            for layer, share in zip(layers, shares(layers, sparsity, allocation))]


def magnitude_row(layers, sparsity):
    """Magnitude within each output row: the comparison group of Sun et al. 2023, section 3 and table 7."""
    return [smallest_in_rows(layer.weight.abs(), count(sparsity, layer.weight.shape[1])) for layer in layers]


def magnitude_n_m(layers, n, m):
    """Zhou et al. 2021, section 3: of every m consecutive weights the n largest stay."""
    return [~largest_in_groups(layer.weight.abs(), n, m) for layer in layers]


def random(layers, sparsity, allocation='uniform', seed=1):
    """The control of every pruning paper; keys from a counter, so that the same weights go on every machine."""
    return [smallest(random_keys(layer.weight.numel(), seed, layer.name).view_as(layer.weight).to(layer.weight.device),
                     count(share, layer.weight.numel()))
            for layer, share in zip(layers, shares(layers, sparsity, allocation))]


def wanda_metric(layer):
    """Sun et al. 2023, equation 1: |W_ij| · ||X_j||₂."""
    return layer.weight.abs() * layer.inputs.norms


def wanda(layers, sparsity, allocation='uniform'):
    """Sun et al. 2023, algorithm 1: compared within each output row."""
    return [smallest_in_rows(wanda_metric(layer), count(share, layer.weight.shape[1]))
            for layer, share in zip(layers, shares(layers, sparsity, allocation))]


def wanda_n_m(layers, n, m):
    """Sun et al. 2023, section 3, structured N:M sparsity."""
    return [~largest_in_groups(wanda_metric(layer), n, m) for layer in layers]
