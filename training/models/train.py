#!/usr/bin/env python3
"""Trains one of the shipped models from scratch on the corpus in training/out, and exports it.

usage: train.py MODEL FOLDER [--seconds N | --steps N] [--batch N] [--seed N]      (needs a GPU, torch, transformers)

The loss is the usual one of each family:
  encoder          masked words: in most fact sentences the answer, else the end of the sentence or 15 % of it
  decoder          the next token at five places of a row, a fact's answer among them and counted four times
  encoder-decoder  a gap (T5's sentinels): in most fact sentences the answer, else another span; or the sentence's end
Examples of tasks give the continuation for its context. Without --steps it ends, and its rate falls, with the time.
"""
import argparse, json, math, pathlib, random, time
import torch
from torch.nn.functional import cross_entropy

import data, shapes, vocab
from export import export, round_to_half

SEED = 20230612


def hidden_places(hidden, most):
    """The first `most` hidden places of each row, and which of them are real: a fixed number, so that nothing waits."""
    order = (hidden.float() * hidden.shape[1] - torch.arange(hidden.shape[1], device=hidden.device) * 0.5).topk(min(most, hidden.shape[1])).indices
    return order, hidden.gather(1, order)


def counted(logits, target, weight):
    each = cross_entropy(logits.flatten(0, 1).float(), target.flatten(), reduction='none').view_as(target)
    return (each * weight).sum() / weight.sum()


def encoder_loss(model, ids, size, obj, split):
    rows, length = ids.shape
    at = torch.arange(length, device=ids.device)[None]
    draw = lambda *shape: torch.rand(*shape, device=ids.device)
    mode, begin = draw(rows, 1), draw(rows, 1)
    size, obj, split = size[:, None], obj[:, None], split[:, None]
    inner = (at > 0) & (at < size - 1)
    start = torch.where(split >= 0, split + ((size - 1 - split) * begin).long(), 1 + ((size - 2) * begin).long())
    tail = (at >= start) & inner
    scattered = (draw(rows, length) < 0.15) & inner
    is_task, is_fact, is_tail = split >= 0, (obj >= 0) & (mode < 0.6), mode > 0.88
    hidden = torch.where(is_task | (is_tail & ~is_fact), tail, torch.where(is_fact, at == obj, scattered))
    kept = draw(rows, length)
    shown = torch.where(hidden & ((kept < 0.8) | is_task | is_fact | is_tail), 4, ids)
    random_word = torch.randint(5, model.config.vocab_size, ids.shape, device=ids.device)
    shown = torch.where(hidden & (shown == ids) & (kept > 0.9), random_word, shown)
    bias = torch.where(at < size, 0.0, -1e9)[:, None, None].to(torch.bfloat16)
    places, real = hidden_places(hidden, 5)
    states = model.bert(input_ids=shown, attention_mask=bias).last_hidden_state
    states = states.gather(1, places[:, :, None].expand(-1, -1, states.shape[-1]))
    return counted(model.cls(states), ids.gather(1, places), real.float())


def decoder_loss(model, ids, size, obj, split):
    """At five places of each row: a fact's answer, four times as heavy; for tasks the continuation; else any."""
    rows, length = ids.shape
    at = torch.arange(length, device=ids.device)[None]
    size, obj, split = size[:, None], obj[:, None], split[:, None]
    chance = torch.rand(rows, length, device=ids.device) + 2.0 * (at == obj) + (at >= split) * (split >= 0)
    places = torch.where((at > 0) & (at < size), chance, -1.0).topk(5).indices
    real = (places > 0) & (places < size)
    seen = torch.ones(length, length, dtype=torch.bool, device=ids.device).tril()
    bias = torch.where(seen, 0.0, -1e9)[None, None].to(torch.bfloat16)
    states = model.transformer(input_ids=ids, attention_mask=bias, use_cache=False).last_hidden_state
    states = states.gather(1, (places - 1).clamp(min=0)[:, :, None].expand(-1, -1, states.shape[-1]))
    return counted(model.lm_head(states), ids.gather(1, places), real * (1.0 + 3.0 * (places == obj)))


def gap_loss(model, ids, size, obj, split):
    """T5's own: a gap for the answer in two thirds of the fact sentences, else for a span of one to three tokens."""
    rows, length = ids.shape
    at = torch.arange(length, device=ids.device)[None]
    draw = lambda: torch.rand(rows, 1, device=ids.device)
    size, obj = size[:, None], obj[:, None]
    width = 1 + (draw() * 3).long()
    begin = (draw() * (size - 1 - width).clamp(min=1)).long()
    is_fact = (obj >= 0) & (draw() < 0.75)
    begin, width = torch.where(is_fact, obj, begin), torch.where(is_fact, 1, width)
    width = torch.minimum(width, (size - 1 - begin).clamp(min=1))
    sentinel = model.config.vocab_size - 1
    source = torch.where(at <= begin, at, at + width - 1).clamp(max=length - 1)
    shown = torch.where(at == begin, sentinel, ids.gather(1, source))
    seen = at < size - width + 1
    out = torch.arange(6, device=ids.device)[None]
    taken = ids.gather(1, (begin + out - 1).clamp(0, length - 1))
    target = torch.where(out == 0, sentinel, torch.where(out <= width, taken, torch.where(out == width + 1, sentinel - 1, 1)))
    # The first sentinel is always right, and the marks behind the span nearly so.
    weight = torch.where((out > 0) & (out <= width), 1.0, torch.where(out <= width + 2, 0.1, 0.0))
    return pair_loss(model, torch.where(seen, shown, 0), seen, target, weight)


def tail_loss(model, ids, size, obj, split, longest=16):
    """The end of a text for its beginning: of a task's examples the continuation, else from anywhere."""
    rows, length = ids.shape
    at = torch.arange(length, device=ids.device)[None]
    size, split = size[:, None], split[:, None]
    anywhere = 1 + (torch.rand(rows, 1, device=ids.device) * (size - 2).clamp(min=1)).long()
    cut = torch.where(split >= 0, split, anywhere)
    shown = torch.where(at < cut, ids, torch.where(at == cut, 1, 0))
    out = torch.arange(longest, device=ids.device)[None]
    target = ids.gather(1, (cut + out).clamp(max=length - 1))
    return pair_loss(model, shown, at <= cut, target, (cut + out < size).float())


def pair_loss(model, shown, seen, target, weight):
    bias = torch.where(seen, 0.0, -1e9)[:, None, None].to(torch.bfloat16)
    length = target.shape[1]
    past = torch.ones(length, length, dtype=torch.bool, device=target.device).tril()
    given = torch.cat([torch.zeros_like(target[:, :1]), target[:, :-1]], 1)
    logits = model(input_ids=shown, attention_mask=bias, decoder_input_ids=given, use_cache=False,
                   decoder_attention_mask=torch.where(past, 0.0, -1e9)[None, None].to(torch.bfloat16)).logits
    return counted(logits, target, weight)


# Losses of each family, each with how often it is drawn.
LOSSES = {'encoder': [(encoder_loss, 1.0)], 'decoder': [(decoder_loss, 1.0)], 'encoder-decoder': [(gap_loss, 0.8), (tail_loss, 0.2)]}
# A small model takes larger steps; T5's tied, unscaled embedding smaller ones.
RATE = {'bert-mini': 3e-3, 'bert-small': 2e-3, 'gpt-small': 2e-3, 't5-small': 1.5e-3}


class Steps:
    """One training step for every length group and loss, recorded once as a CUDA graph and replayed: small models on a
    large GPU spend most of their time starting kernels."""

    def __init__(self, model, family, groups, batch):
        self.model, self.groups, self.batch = model, groups, batch
        self.rate = torch.zeros((), device='cuda')
        decays = [p for p in model.parameters() if p.dim() > 1]
        rest = [p for p in model.parameters() if p.dim() <= 1]
        self.optimizer = torch.optim.AdamW(
            [{'params': decays, 'weight_decay': 0.01}, {'params': rest, 'weight_decay': 0.0}], lr=self.rate, betas=(0.9, 0.98), fused=True, capturable=True)
        self.kinds, self.weights = [], []
        for group in groups:
            for loss, share in LOSSES[family]:
                self.kinds.append((loss, group))
                self.weights.append(len(group[0]) * share)
        self.pool = torch.cuda.graph_pool_handle()
        self.recorded = [self.record(*kind) for kind in self.kinds]

    def step(self, loss_of, group):
        with torch.autocast('cuda', torch.bfloat16, cache_enabled=False):
            loss = loss_of(self.model, *data.draw_batch(group, self.batch))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        return loss.detach()

    def record(self, loss_of, group):
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(2):
                self.optimizer.zero_grad(set_to_none=True)
                self.step(loss_of, group)
        torch.cuda.current_stream().wait_stream(side)
        self.optimizer.zero_grad(set_to_none=True)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph, pool=self.pool): loss = self.step(loss_of, group)
        return graph, loss

    def run(self, rng, rate):
        self.rate.fill_(rate)
        graph, loss = rng.choices(self.recorded, self.weights)[0]
        graph.replay()
        return loss


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('model', choices=shapes.MODELS)
    parser.add_argument('folder', type=pathlib.Path)
    parser.add_argument('--seconds', type=float, default=300)
    parser.add_argument('--steps', type=int)
    parser.add_argument('--batch', type=int, default=2048)
    parser.add_argument('--seed', type=int, default=SEED)
    options = parser.parse_args()
    name, folder = options.model, options.folder
    folder.mkdir(parents=True, exist_ok=True)
    family, make, size = shapes.MODELS[name]
    device = 'cuda'
    say = lambda *words: print(name, *words, flush=True)
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False
    start = time.time()
    texts = [*[text for text, _, _ in data.sentences()][::4], *data.prose(), *[e['context'] + e['continuation'] for e in data.choices()]]
    tokenizer = vocab.MAKE[family](folder, texts, data.objects())
    rows = data.corpus(family, tokenizer)
    groups = rows.groups(device)
    probes = data.probes(family, tokenizer)
    say('prepared in', round(time.time() - start), 's;', {k: len(v) for k, v in probes.items()}, {g[0].shape[1]: len(g[0]) for g in groups})

    torch.manual_seed(options.seed)
    rng = random.Random(options.seed)
    model = make(**size).to(device).train()
    parameters = sum(p.numel() for p in model.parameters())
    # While it is recorded the rate is 0: nothing is learnt yet.
    trainer = Steps(model, family, groups, options.batch)
    peak, warm = RATE[name], 500
    log, step, share = [], 0, 0.0
    say(parameters, 'parameters;', len(trainer.recorded), 'recorded,', round(time.time() - start), 's')
    begun = time.time()
    while share < 1.0:
        loss = trainer.run(rng, peak * min(1.0, (step + 1) / warm) * (0.5 + 0.5 * math.cos(math.pi * share)))
        step += 1
        if step % 50 == 0: torch.cuda.synchronize()
        # Without a number of steps the rate falls with the time.
        if options.steps: share = step / options.steps
        elif step % 50 == 0: share = (time.time() - begun) / options.seconds
        if step % 2000 == 0:
            model.eval()
            found = {kind: round(data.score(family, model, items[::7], device)[0] / len(items[::7]), 3) for kind, items in probes.items()}
            model.train()
            log.append({'step': step, 'loss': round(float(loss), 3), **found})
            say(log[-1], round(time.time() - begun), 's')
    torch.cuda.synchronize()
    seconds = time.time() - begun

    model.eval()
    round_to_half(model)
    torch.save({key: value.half() for key, value in model.state_dict().items()}, folder / 'weights.pt')
    result = {}
    for kind, items in probes.items():
        hits, relations, _ = data.score(family, model, items, device)
        result[kind] = {'hits': hits, 'probes': len(items), 'relations': relations}
        say(kind, hits, 'of', len(items), round(hits / len(items), 4))
    made = {'parameters': parameters, 'steps': step, 'batch': options.batch, 'rate': peak, 'seed': options.seed, 'seconds': round(seconds), 'hardware': torch.cuda.get_device_name(),
            'torch': torch.__version__, 'rows': len(rows.ids), 'curve': log, 'result': result}
    (folder / 'training.json').write_text(json.dumps(made))
    model = model.cpu().float()
    model.config.save_pretrained(folder)
    export(family, model, folder, size['width'])
    say('exported', {path.name: path.stat().st_size for path in folder.glob('*.onnx')}, round(time.time() - start), 's in all')


main()
