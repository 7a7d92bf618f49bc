"""Number formats other than evenly spaced ones."""
import torch
from torch.nn import functional

from .common import F32, F64, runs_of

# Dettmers et al. 2023 (QLoRA), appendix E: the quantiles of a normal distribution, with an exact zero.
NF4 = [-1.0, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635, -0.18477343022823334,
       -0.09105003625154495, 0.0, 0.07958029955625534, 0.16093020141124725, 0.24611230194568634, 0.33791524171829224,
       0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1.0]
# bitsandbytes, csrc/kernels.cu (dQuantizeFP4): magnitudes and the limits between them.
FP4 = [0, 0.005208333333, 0.16666667, 0.25, 0.33333333, 0.5, 0.66666667, 1.0]
FP4_LIMITS = [0.00260417, 0.0859375, 0.20833333, 0.29166667, 0.4166667, 0.583333, 0.8333333]


def blocks_of(w, block):
    """[blocks, block], the last one filled up with zeros, which change no maximum."""
    flat = w.flatten()
    return functional.pad(flat, (0, -len(flat) % block)).view(-1, block)


def dynamic_map():
    """bitsandbytes' create_dynamic_map(signed=True, max_exponent_bits=7, total_bits=8): Dettmers 2016, 8-Bit Approximations,
    section 2.2 (dynamic tree quantization); 256 rising values from -0.99297 to 1."""
    made = []
    for i in range(7):
        edges = torch.linspace(0.1, 1, 2 ** i + 1, dtype=F32)
        means = (edges[:-1] + edges[1:]) / 2
        made += ((10 ** (i - 6)) * means).tolist() + (-(10 ** (i - 6)) * means).tolist()
    made += [0.0, 1.0]
    return torch.tensor(sorted(made), dtype=F32)


def double_quantized(scales):
    """Dettmers et al. 2023, section 3 (double quantization): scales less their mean, in blocks of 256, as 8-bit dynamic numbers."""
    levels = dynamic_map().to(scales.device)
    offset = scales.to(F64).mean().to(F32)
    blocks = blocks_of(scales - offset, 256)
    top = blocks.abs().amax(1, keepdim=True)
    x = torch.where(top == 0, 0, blocks / torch.where(top == 0, 1, top))
    # The nearest level; argmin takes the first of equals, which is the lower one.
    code = (x.to(F64)[..., None] - levels.to(F64)).abs().argmin(-1)
    return (levels[code] * top).flatten()[:len(scales)] + offset


def blockwise(w, block, scales, encode):
    """Blocks of consecutive weights, each by its own largest magnitude (Dettmers et al. 2022, section 2.1)."""
    blocks = blocks_of(w, block)
    top = blocks.abs().amax(1)
    inverse = 1 / top
    x = torch.where(torch.isinf(inverse)[:, None], blocks / top[:, None], blocks * inverse[:, None])
    level = encode(torch.where(top[:, None] == 0, 0, x))
    stored = double_quantized(top) if scales == 'double-quantized' else top
    return (level * stored[:, None]).flatten()[:w.numel()].view_as(w)


def nf4(w, block='64', scales='double-quantized'):
    levels = torch.tensor(NF4, dtype=F32, device=w.device)
    middles = ((levels[:-1].to(F64) + levels[1:].to(F64)) / 2).to(F32)
    # bucketize counts the middles that are below x.
    return blockwise(w, int(block), scales, lambda x: levels[torch.bucketize(x, middles)])


def fp4(w, block='64', scales='double-quantized'):
    levels = torch.tensor(FP4, dtype=F32, device=w.device)
    limits = torch.tensor(FP4_LIMITS, dtype=F32, device=w.device)
    return blockwise(w, int(block), scales, lambda x: torch.copysign(levels[torch.bucketize(x.abs(), limits)], x))


def fp8(w, format='e4m3', granularity='channel'):
    """Micikevicius et al. 2022, FP8 Formats for Deep Learning, with torch's own cast."""
    kind, top = {'e4m3': (torch.float8_e4m3fn, 448), 'e5m2': (torch.float8_e5m2, 57344)}[format]
    runs = runs_of(w, granularity)
    scale = runs.abs().amax(1, keepdim=True) / top
    scale = torch.where(scale == 0, 1, scale)
    return ((runs / scale).clamp(-top, top).to(kind).to(F32) * scale).view_as(w)


def mxfp4(w):
    """OCP Microscaling Formats 1.0 (2023), section 6.3: shared exponent floor(log2(max)) - 2, elements E2M1."""
    rows, columns = w.shape
    blocks = functional.pad(w, (0, -columns % 32)).view(-1, 32)
    top = blocks.abs().amax(1, keepdim=True)
    exponent = (torch.frexp(top).exponent - 1 - 2).clamp(-127, 127)
    scale = torch.ldexp(torch.ones_like(top), exponent)
    levels = torch.tensor([0, .5, 1, 1.5, 2, 3, 4, 6], dtype=F32, device=w.device)
    x = (blocks / scale).abs()
    distance = (x[..., None].to(F64) - levels.to(F64)).abs()
    # Of two that are as near, the one with the even code.
    nearest = distance.amin(-1, keepdim=True)
    code = (distance == nearest).to(torch.int64)
    odd = torch.tensor([0, 1] * 4, device=w.device)
    code = torch.where((code.sum(-1) > 1), (code * (1 - odd)).argmax(-1), code.argmax(-1))
    made = torch.where(top == 0, 0, torch.copysign(levels[code], blocks) * scale)
    return made.view(rows, -1)[:, :columns].contiguous()


def mean_of(values): return values.to(F64).mean(1, keepdim=True).to(F32)


def ternary(w, rule='absmean', granularity='tensor'):
    runs = runs_of(w, granularity)
    if rule == 'twn':
        # Li et al. 2016, Ternary Weight Networks, equations 5 and 6.
        delta = (0.7 * runs.abs().to(F64).mean(1, keepdim=True)).to(F32)
        kept = runs.abs() > delta
        number = kept.sum(1, keepdim=True)
        total = torch.where(kept, runs.abs(), 0).to(F64).sum(1, keepdim=True)
        alpha = (total / number.clamp(min=1)).to(F32)
        return (runs.sign() * kept * alpha).view_as(w)
    # Ma et al. 2024, BitNet b1.58, section 2.
    gamma = mean_of(runs.abs())
    return torch.where(gamma == 0, 0, (runs / gamma).round().clamp(-1, 1) * gamma).view_as(w)


def binary(w, granularity='channel'):
    """Rastegari et al. 2016, XNOR-Net, equation 6: alpha is the mean of |W|, and B its signs; sign(0) is +1."""
    runs = runs_of(w, granularity)
    return (torch.where(runs >= 0, 1.0, -1.0) * mean_of(runs.abs())).view_as(w)
