"""Round to nearest (Nagel et al. 2021, section 2), with three ways to choose the range."""
import torch

from .common import F32, F64, grid_of, ranges_of, runs_of, snap


def clip_percentile(runs, percentile, scheme):
    """Linear interpolation between order statistics, as torch.quantile has it. Wu et al. 2020, section 3.2 (percentile)."""
    wide = runs.to(F64)
    if scheme == 'symmetric':
        high = torch.quantile(wide.abs(), percentile / 100, dim=1, keepdim=True).to(F32)
        return -high, high
    low = torch.quantile(wide, 1 - percentile / 100, dim=1, keepdim=True).to(F32)
    high = torch.quantile(wide, percentile / 100, dim=1, keepdim=True).to(F32)
    return low.clamp(max=0), high.clamp(min=0)


def clip_mse(runs, bits, scheme):
    """Nagel et al. 2021, section 3.1: of 31 factors from 1 to 0.4 the one with the least squared error of each run."""
    low, high = ranges_of(runs)
    best, ranges = None, (low, high)
    for i in range(31):
        factor = torch.tensor((50 - i) / 50, dtype=F64).to(F32)
        tried = (low * factor, high * factor)
        error = (runs.to(F64) - snap(runs, *grid_of(*tried, bits, scheme), bits).to(F64)).square().sum(1, keepdim=True)
        better = torch.ones_like(error, dtype=torch.bool) if best is None else error < best
        best = error if best is None else torch.where(better, error, best)
        ranges = tuple(torch.where(better, new, old) for new, old in zip(tried, ranges))
    return ranges


def rtn(w, bits=4, scheme='symmetric', granularity='channel', clipping='minmax', percentile=99.9):
    runs = runs_of(w, granularity)
    if clipping == 'mse': ranges = clip_mse(runs, bits, scheme)
    elif clipping == 'percentile': ranges = clip_percentile(runs, percentile, scheme)
    else: ranges = ranges_of(runs)
    return snap(runs, *grid_of(*ranges, bits, scheme), bits).view_as(w)
