"""What the methods share: layers, what was measured at their inputs, counts, keys, runs of weights.

Arithmetic: a float32 tensor is float32 step by step (torch rounds after every operation); what the lab defines in double
is computed on float64 tensors and rounded to float32 once, at the end.
"""
import dataclasses
from typing import Optional

import torch

F32, F64 = torch.float32, torch.float64


@dataclasses.dataclass
class Inputs:
    """Sums over all tokens that entered a layer, in double: Σ|x|, Σx², max|x|, Σxxᵀ."""
    tokens: int
    abs_sum: torch.Tensor
    energy: torch.Tensor
    abs_max: torch.Tensor
    gram: Optional[torch.Tensor] = None

    @staticmethod
    def of(x):
        x = x.to(F64)
        return Inputs(len(x), x.abs().sum(0), x.square().sum(0), x.abs().amax(0).to(F32), x.T @ x)

    @property
    def norms(self): return self.energy.sqrt().to(F32)


@dataclasses.dataclass
class Layer:
    """A linear layer: `weight` is [outputs, inputs] in float32; `original` is the one of the uncompressed model."""
    name: str
    kind: str
    weight: torch.Tensor
    block: Optional[int] = None
    stack: str = 'encoder'
    cross: bool = False
    inputs: Optional[Inputs] = None
    original: Optional[torch.Tensor] = None


def count(share, of):
    """How many a share means: rounded half to even, as Python rounds."""
    return round(share * of)


def smallest(metric, k):
    """Marks the k smallest of a flat tensor; among equals the lowest index goes first."""
    marks = torch.zeros(metric.numel(), dtype=torch.bool, device=metric.device)
    marks[torch.argsort(metric.flatten(), stable=True)[:k]] = True
    return marks.view(metric.shape)


def smallest_in_rows(metric, k):
    """Marks the k smallest of each row; among equals the lowest index goes first."""
    order = torch.argsort(metric, dim=1, stable=True)[:, :k]
    return torch.zeros(metric.shape, dtype=torch.bool, device=metric.device).scatter_(1, order, True)


def largest_in_groups(metric, n, m):
    """Marks the n largest of every m consecutive entries of a row; among equals the lowest index stays."""
    groups = metric.reshape(-1, m)
    order = torch.argsort(groups, dim=1, descending=True, stable=True)[:, :n]
    return torch.zeros(groups.shape, dtype=torch.bool, device=metric.device).scatter_(1, order, True).view(metric.shape)


def fmix32(h):
    """The finalizer of murmur3 (Appleby), of int64 that hold uint32: what overflows is not looked at."""
    h = h & 0xffffffff
    h = h ^ h >> 16
    h = h * 0x85ebca6b & 0xffffffff
    h = h ^ h >> 13
    h = h * 0xc2b2ae35 & 0xffffffff
    return h ^ h >> 16


def fnv1a32(text):
    h = 0x811c9dc5
    for byte in text.encode(): h = (h ^ byte) * 0x01000193 & 0xffffffff
    return h


def random_keys(total, seed, name=None):
    """Keys whose smallest ones go. `name` tells the matrices apart that share a seed."""
    salt = 0 if name is None else fnv1a32(name)
    return fmix32(fmix32(torch.arange(total) + seed * 0x9e3779b9) ^ salt)


def runs_of(w, granularity):
    """The weights as [runs, weights that share a scale]."""
    if granularity == 'tensor': return w.reshape(1, -1)
    if granularity == 'channel': return w
    return w.reshape(-1, int(granularity.removeprefix('group-')))


def grid_of(low, high, bits, scheme):
    """Scale and zero point (None: symmetric) for ranges in float32; the range is multiplied by 1 / top, as torch on a GPU
    divides by a number. Nagel et al. 2021, section 2.2."""
    if scheme == 'symmetric':
        top = 2 ** (bits - 1) - 1
        scale = torch.maximum(-low, high) * torch.tensor(1 / top, dtype=F32)
        scale = torch.where(scale == 0, 1, scale)
        return scale, None
    top = 2 ** bits - 1
    scale = (high - low) * torch.tensor(1 / top, dtype=F32)
    scale = torch.where(scale == 0, 1, scale)
    return scale, (-low / scale).round()


def ranges_of(runs):
    """Lowest and highest weight of each run [runs, 1], with 0 between them."""
    return runs.amin(1, keepdim=True).clamp(max=0), runs.amax(1, keepdim=True).clamp(min=0)


def round_to(x, scale, zero, bits):
    """Codes before the zero point is taken off again, rounded half to even and clamped."""
    if zero is None:
        top = 2 ** (bits - 1) - 1
        return (x / scale).round().clamp(-top, top)
    return ((x / scale).round() + zero).clamp(0, 2 ** bits - 1)


def snap(x, scale, zero, bits):
    """x on its grid, in x's own precision."""
    code = round_to(x, scale, zero, bits)
    return (code if zero is None else code - zero) * scale
