"""AWQ, Lin et al. 2023."""
import torch

from .common import F32, F64, grid_of, ranges_of, runs_of, snap


def awq(layer, bits=4, scheme='asymmetric', granularity='group-64', grid=20):
    """Section 3.2, equations 4 and 5: inputs are scaled by s = (mean |x|)^a before the weights are rounded, with the a that
    changes the layer's output least; _search_module_scale of the reference code (its floor of 1e-4, and s divided by
    sqrt(max · min)). Each matrix by itself, weights are not clipped. Returns the weights, s and the losses."""
    w, wide = layer.weight, layer.weight.to(F64)
    gram = layer.inputs.gram.to(F64)
    mean = layer.inputs.abs_sum / layer.inputs.tokens
    best, losses = None, []
    for i in range(grid):
        s = mean.pow(i / grid).clamp(min=1e-4)
        s = (s / (s.max() * s.min()).sqrt()).to(F32)
        runs = runs_of(w * s, granularity)
        q = snap(runs, *grid_of(*ranges_of(runs), bits, scheme), bits).view_as(w)
        d = q.to(F64) / s.to(F64) - wide
        loss = ((d @ gram) * d).sum().item()
        losses.append(loss)
        if best is None or loss < best[0]: best = loss, q / s, s
    return best[1], best[2], losses
