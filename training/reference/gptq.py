"""GPTQ, Frantar et al. 2022, algorithm 1, in double."""
import torch

from .common import F32, F64, grid_of, ranges_of, round_to, runs_of
from .sparsegpt import inverse_factor


def gptq(layer, bits=4, scheme='symmetric', granularity='channel', order='columns', damping=0.01, ties=None):
    """Column by column; an error is passed on to all columns behind it at once. The paper's blocks (section 3.3, step 2)
    only change when that is done, so there are none here.

    Grids: of a row or matrix from the weights as they came; of a group when its first column is reached, from what the
    columns before left of it (the reference code looks there at what the blocks before the present one left); with
    order=activity from the weights as they came (`static_groups`). Dead inputs become zero, and what was zero stays zero.

    `ties`: a list that gets every [row, column] whose place between two levels is within 1e-6 of a half."""
    w = layer.weight.to(F64).clone()
    rows, columns = w.shape
    gram = layer.inputs.gram
    dead = gram.diagonal() == 0
    zero_in = (layer.weight == 0)
    group = int(granularity.removeprefix('group-')) if granularity.startswith('group-') else None
    # The grid of each weight, [rows, columns], from the weights as they came.
    runs = runs_of(layer.weight, granularity)
    spread = lambda t: None if t is None else t.to(F64).expand(runs.shape).reshape(rows, columns).clone()
    scale, zero = (spread(t) for t in grid_of(*ranges_of(runs), bits, scheme))
    w[:, dead] = 0
    places = torch.arange(columns, device=w.device)
    if order == 'activity':
        diagonal = torch.where(dead, 1, gram.diagonal())
        places = torch.argsort(diagonal, descending=True, stable=True)
    u, _ = inverse_factor(gram[places][:, places], damping)
    made = torch.zeros_like(w)
    for step, column in enumerate(places.tolist()):
        if group and order == 'columns' and column % group == 0:
            part = slice(column, column + group)
            scale_now, zero_now = grid_of(*ranges_of(w[:, part].to(F32)), bits, scheme)
            scale[:, part] = scale_now.to(F64)
            if zero is not None: zero[:, part] = zero_now.to(F64)
        now, s, z = w[:, column], scale[:, column], None if zero is None else zero[:, column]
        code = round_to(now, s, z, bits)
        q = torch.where(zero_in[:, column], 0, (code if z is None else code - z) * s)
        if ties is not None:
            near = ((now / s).abs() % 1 - 0.5).abs() < 1e-6
            ties += [[r, column] for r in (near & ~zero_in[:, column]).nonzero().flatten().tolist()]
        error = (now - q) / u[step, step]
        behind = places[step + 1:]
        w[:, behind] -= error[:, None] * u[step, step + 1:]
        made[:, column] = q
    return made.to(F32)
