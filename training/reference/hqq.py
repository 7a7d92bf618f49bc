"""HQQ, Badri & Shaji 2023, Half-Quadratic Quantization of Large Machine Learning Models; in double."""
import torch

from .common import F32, F64, runs_of


def hqq(w, bits=4, granularity='group-64', iterations=20, zero='integer'):
    """optimize_weights_proximal of the reference code: half-quadratic splitting with an l_p norm of the error, p = 0.7; only
    the zero point moves. `zero='integer'` rounds it and keeps it among the codes, before and after, so that what was zero stays
    zero; a run whose weights all have one sign then begins with a range that reaches to zero, or its largest ones would not
    fit (the reference code keeps no zeros: there, zero points may lie outside the codes). Returns the weights, and how far each
    place between two levels is from a half."""
    top = 2 ** bits - 1
    runs = runs_of(w, granularity).to(F64)
    low, high = runs.amin(1, keepdim=True), runs.amax(1, keepdim=True)
    if zero == 'integer': low, high = low.clamp(max=0), high.clamp(min=0)
    scale = (top / (high - low)).clamp(max=2e4)
    settle = (lambda z: z.round().clamp(0, top)) if zero == 'integer' else (lambda z: z)
    at = settle(-low * scale)
    beta, p, best = 10.0, 0.7, 1e4
    for _ in range(iterations):
        code = (runs * scale + at).round().clamp(0, top)
        error = runs - (code - at) / scale
        shrunk = error.sign() * (error.abs() - error.abs().pow(p - 1) / beta).relu()
        at = (code - (runs - shrunk) * scale).mean(1, keepdim=True)
        beta *= 1.01
        mean = error.abs().mean().item()
        if mean >= best: break
        best = mean
    at = settle(at)
    place = runs * scale + at
    code = place.round().clamp(0, top)
    inverse = (1 / scale).to(F32).to(F64)
    return ((code - at.to(F32).to(F64)) * inverse).to(F32).view_as(w), ((place.abs() % 1) - 0.5).abs().view_as(w)
