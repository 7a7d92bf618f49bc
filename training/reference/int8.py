"""Eight bits, activations too: weights, and what happens to the input of a layer at run time."""
import torch

from .common import F32, F64, grid_of, ranges_of, runs_of, snap

TOPS = {'fbgemm': 127, 'qnnpack': 255}


def torch_dynamic_int8(w):
    """Weights of torch.ao.quantization.quantize_dynamic: MinMaxObserver(qint8, per_tensor_symmetric), then
    fbgemm::Quantize, which multiplies by the reciprocal of the scale."""
    scale = torch.maximum(w.abs().max() / 127.5, torch.tensor(torch.finfo(F32).eps, device=w.device))
    return (w * (1 / scale)).round().clamp(-128, 127) * scale


def text_affine(x, top):
    """The input of a dynamic int8 layer, [texts, tokens, features]: ChooseQuantizationParams of ATen's quant_utils.h, one
    scale and zero point a text, codes from 0 to `top` (127: reduce_range, as fbgemm has it; 255: qnnpack)."""
    low = x.amin((-2, -1), keepdim=True).clamp(max=0).to(F64)
    high = x.amax((-2, -1), keepdim=True).clamp(min=0).to(F64)
    scale = (high - low) / top
    small = scale.to(F32)
    scale = torch.where((small == 0) | torch.isinf(1 / small), 0.1, scale)
    # Scales are not let below this (SMALL_SCALE_THRESHOLD): the range is widened to fit.
    least = torch.tensor(6.1e-5, dtype=F32).to(F64)
    tiny = scale < least
    widened = torch.where(low == 0, least * top, torch.where(high == 0, 0, high * (least / scale.to(F32).to(F64))))
    lowered = torch.where(low == 0, 0, torch.where(high == 0, -least * top, low * (least / scale.to(F32).to(F64))))
    low, high = torch.where(tiny, lowered, low), torch.where(tiny, widened, high)
    scale = torch.where(tiny, least, scale)
    from_low, from_high = 0 - low / scale, top - high / scale
    zero = torch.where(0 - (low / scale).abs() < top - (high / scale).abs(), from_low, from_high)
    zero = zero.clamp(0, top).round()
    scale = scale.to(F32)
    # One fused multiply-add, rounded to float32 once.
    code = (x.to(F64) * (1 / scale).to(F64) + zero).to(F32).round().clamp(0, 255)
    return (code - zero.to(F32)) * scale


def token_symmetric(x, bits, kept=(), column_scales=None):
    """One scale for each token, over the inputs that are not `kept` (Dettmers et al. 2022, section 2.1, vector-wise)."""
    top = 2 ** (bits - 1) - 1
    y = x if column_scales is None else x / column_scales
    coded = torch.ones(x.shape[-1], dtype=torch.bool, device=x.device)
    coded[list(kept)] = False
    scale = torch.where(coded, y.abs(), 0).amax(-1, keepdim=True) / top
    scale = torch.where(scale == 0, 1, scale)
    made = (y / scale).round().clamp(-top, top) * scale
    made = torch.where(coded, made, y)
    return made if column_scales is None else made * column_scales


def llm_int8(w, inputs, threshold=6):
    """Dettmers et al. 2022, LLM.int8(), section 3.2: inputs that reach the threshold stay, the rest is int8 row by row.
    Returns the weights and the inputs that stay."""
    kept = inputs.abs_max.to(w.device) >= threshold
    scale = torch.where(kept, 0, w.abs()).amax(1, keepdim=True) / 127
    scale = torch.where(scale == 0, 1, scale)
    return torch.where(kept, w, (w / scale).round() * scale), kept.nonzero().flatten().tolist()


def smoothquant(w, inputs, alpha=0.5, bits=8, granularity='channel'):
    """Xiao et al. 2022, equation 4: s_j = max|X_j|^alpha / max|W_j|^(1 - alpha). Returns the weights and s."""
    x, y = inputs.abs_max.to(w.device).to(F64), w.abs().amax(0).to(F64)
    s = (x.pow(alpha) / y.pow(1 - alpha)).clamp(min=1e-5)
    s = torch.where((x == 0) | (y == 0), 1, s).to(F32)
    runs = runs_of(w * s, granularity)
    q = snap(runs, *grid_of(*ranges_of(runs), bits, 'symmetric'), bits).view_as(w)
    return q / s, s
