"""Removing whole parts. Each function returns the mask of what goes, one for each layer; biases and norms stay."""
import torch

from .common import F64, count, random_keys, smallest


def none_of(layers): return [torch.zeros(layer.weight.shape, dtype=torch.bool, device=layer.weight.device) for layer in layers]


def strength(layer, activation):
    """|w| in double, times the norm of its input where activations count."""
    size = layer.weight.abs().to(F64)
    return size * layer.inputs.norms.to(F64) if activation else size


def heads(layers, share, criterion, seed, heads, key_value_heads):
    """Michel et al. 2019, section 4: heads are ranked over all blocks together, the least important ones go. The score is
    not their gradient but what needs none: magnitude, or the strength of what a head adds to the block's output.

    Query rows and attention-output columns of a head go; key and value rows once no head is left that reads them
    (Ainslie et al. 2023: head h reads key-value head floor(h · key_value_heads / heads))."""
    attentions = {}
    for i, layer in enumerate(layers):
        if layer.kind in ('query', 'key', 'value', 'query-key-value', 'attention-output'):
            attentions.setdefault((layer.stack, layer.block, layer.cross), {})[layer.kind] = i
    shared = lambda h: h * key_value_heads // heads
    parts = []  # for each head: [(layer, rows or None, columns or None, key-value head or None)]
    for attention, kinds in enumerate(attentions.values()):
        size = layers[kinds['attention-output']].weight.shape[1] // heads
        for h in range(heads):
            mine, theirs = slice(h * size, (h + 1) * size), shared(h)
            part = [(kinds['attention-output'], slice(None), mine, None)]
            if 'query' in kinds: part.append((kinds['query'], mine, slice(None), None))
            for kind in ('key', 'value'):
                if kind in kinds: part.append((kinds[kind], slice(theirs * size, (theirs + 1) * size), slice(None), (attention, theirs)))
            if 'query-key-value' in kinds:
                at = kinds['query-key-value']
                part.append((at, mine, slice(None), None))
                for offset in (heads * size, (heads + key_value_heads) * size):
                    part.append((at, slice(offset + theirs * size, offset + (theirs + 1) * size), slice(None), (attention, theirs)))
            parts.append(part)
    own = heads == key_value_heads
    if criterion == 'random': scores = random_keys(len(parts), seed)
    elif criterion == 'activation':
        scores = torch.stack([strength(layers[part[0][0]], True)[part[0][1:3]].sum() for part in parts])
    else: scores = torch.stack([sum(strength(layers[i], False)[rows, columns].sum() for i, rows, columns, kv in part if own or kv is None) for part in parts])
    gone = smallest(scores, count(share, len(parts))).tolist()
    read = {kv for part, out in zip(parts, gone) if not out for *_, kv in part if kv is not None}
    masks = none_of(layers)
    for part, out in zip(parts, gone):
        for i, rows, columns, kv in part:
            if out and kv not in read: masks[i][rows, columns] = True
    return masks


def neurons(layers, share, criterion, seed):
    """Inner units of the feed-forward layers, the same share of every block: Li et al. 2017 (Pruning Filters, section 3.1) by
    the L1 norm of a unit's weights; `activation` as Wanda's metric of the unit's column."""
    blocks = {}
    for i, layer in enumerate(layers):
        if layer.kind in ('gate', 'intermediate', 'output'): blocks.setdefault((layer.stack, layer.block), {})[layer.kind] = i
    masks = none_of(layers)
    before = 0
    for kinds in blocks.values():
        inner = [kinds[kind] for kind in ('gate', 'intermediate') if kind in kinds]
        units = layers[kinds['output']].weight.shape[1]
        if criterion == 'random': scores = random_keys(before + units, seed)[before:]
        elif criterion == 'activation': scores = strength(layers[kinds['output']], True).sum(0)
        else: scores = strength(layers[kinds['output']], False).sum(0) + sum(strength(layers[i], False).sum(1) for i in inner)
        gone = smallest(scores, count(share, units)).to(masks[0].device)
        masks[kinds['output']][:, gone] = True
        for i in inner: masks[i][gone] = True
        before += units
    return masks


def whole_layers(layers, share, criterion, seed):
    """Whole blocks, as Fan et al. 2020 (LayerDrop) and Sajjad et al. 2023 drop them; which, is told by the mean of |w| or of
    |w| · ||x||. What goes is every matrix of the block; its biases and norms, and the way around it, stay."""
    blocks = {}
    for i, layer in enumerate(layers):
        if layer.block is not None: blocks.setdefault((layer.stack, layer.block), []).append(i)
    if criterion == 'random': scores = random_keys(len(blocks), seed)
    else: scores = torch.stack([
        sum(strength(layers[i], criterion == 'activation').sum() for i in members) / sum(layers[i].weight.numel() for i in members)
        for members in blocks.values()])
    gone = smallest(scores, count(share, len(blocks))).tolist()
    masks = none_of(layers)
    for members, out in zip(blocks.values(), gone):
        for i in members: masks[i][:] = out
    return masks


def rows(layers, share, criterion, seed):
    """Whole outputs, the same share of every layer: torch.nn.utils.prune.ln_structured(n=1, dim=0)."""
    masks = none_of(layers)
    for mask, layer in zip(masks, layers):
        if criterion == 'random': scores = random_keys(len(layer.weight), seed, layer.name)
        else: scores = strength(layer, criterion == 'activation').sum(1)
        mask[smallest(scores, count(share, len(layer.weight))).to(mask.device)] = True
    return masks
