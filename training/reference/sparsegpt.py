"""SparseGPT, Frantar & Alistarh 2023, algorithm 1, in double."""
import torch

from .allocation import shares
from .common import F32, F64, count, smallest, smallest_in_rows


def inverse_factor(gram, damping):
    """The upper Cholesky factor U of the inverse of the damped Hessian, UᵀU = H⁻¹, and which inputs are dead. Damping comes
    after the dead inputs got a 1 on the diagonal, as in the reference code. Frantar et al. 2022, section 3.3, step 3."""
    h = gram.to(F64).clone()
    dead = h.diagonal() == 0
    h.diagonal()[dead] = 1
    h.diagonal().add_(damping * h.diagonal().mean())
    inverse = torch.cholesky_inverse(torch.linalg.cholesky(h))
    return torch.linalg.cholesky(inverse, upper=True), dead


def prune(layer, blocksize, damping, choose):
    """Column by column: what a mask takes is passed on to the columns behind it. `choose(w, diagonal, zero, column)` gives
    the mask for the columns from `column` on within a block, or None where it was chosen before."""
    u, dead = inverse_factor(layer.inputs.gram, damping)
    w = layer.weight.to(F64).clone()
    zero = w == 0
    w[:, dead] = 0
    columns = w.shape[1]
    for start in range(0, columns, blocksize):
        end = min(start + blocksize, columns)
        mask = torch.zeros_like(w[:, start:end], dtype=torch.bool)
        errors = torch.zeros_like(w[:, start:end])
        for i in range(start, end):
            made = choose(w[:, start:end], u.diagonal()[start:end], zero[:, start:end], i - start)
            if made is not None: mask[:, i - start:i - start + made.shape[1]] = made
            mask[:, i - start] |= zero[:, i]
            kept = torch.where(mask[:, i - start], 0, w[:, i])
            error = (w[:, i] - kept) / u[i, i]
            w[:, i + 1:end] -= error[:, None] * u[i, i + 1:end]
            w[:, i] = kept
            errors[:, i - start] = error
        w[:, end:] -= errors @ u[start:end, end:]
    return w.to(F32)


def metric_of(w, diagonal, zero):
    """w² / U_ii²; what was zero on the way in goes before all others."""
    return torch.where(zero, -1, w.square() / diagonal.square())


def sparsegpt(layers, sparsity, allocation='uniform', blocksize=128, damping=0.01):
    """The mask of a block is chosen when the block is reached, over all its weights together (section 3.3, adaptive mask
    selection). Exactly the share goes: the reference code's threshold takes one more. A layer of which nothing is to go is
    left as it is; the reference code would still clear its dead inputs."""
    def weigher(share):
        def choose(w, diagonal, zero, column):
            if column == 0: return smallest(metric_of(w, diagonal, zero), count(share, w.numel()))
        return choose
    return [prune(layer, blocksize, damping, weigher(share)) if share else layer.weight
            for layer, share in zip(layers, shares(layers, sparsity, allocation))]


def sparsegpt_n_m(layers, n, m, blocksize=128, damping=0.01):
    """Section 3.4: of every m columns the n that matter most stay in each row, chosen when the first of them is reached."""
    def choose(w, diagonal, zero, column):
        if column % m: return None
        part = slice(column, column + m)
        metric = metric_of(w[:, part], diagonal[part], zero[:, part])
        # Among equals the lowest index stays: the smallest of the mirrored metric go, the last index first.
        return smallest_in_rows(metric.flip(1), m - n).flip(1)
    whole = -(-blocksize // m) * m
    return [prune(layer, whole, damping, choose) for layer in layers]
