"""Fewer directions, in double."""
import torch

from .common import F32, F64, count


def nearest(matrix, rank):
    """The nearest matrix of a rank: Eckart & Young 1936."""
    u, s, v = torch.linalg.svd(matrix.to(F64), full_matrices=False)
    return (u[:, :rank] * s[:rank]) @ v[:rank]


def svd(w, rank=0.5):
    """A share of the directions stays."""
    return nearest(w, max(1, count(rank, min(w.shape)))).to(F32)


def low_rank_correction(w, original, rank=8):
    """Yao et al. 2023, ZeroQuant-V2, section 5 (LoRC): the error of what was done so far, in few directions, is added back."""
    if torch.equal(w, original): return w
    return (w.to(F64) + nearest(original.to(F64) - w.to(F64), min(rank, min(w.shape)))).to(F32)
