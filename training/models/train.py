#!/usr/bin/env python3
"""Trains one of the shipped models from scratch on the corpus in training/out, and exports it.

usage: train.py MODEL FOLDER [--seconds N | --steps N] [--batch N] [--seed N]      (needs a GPU, torch, transformers)

The loss is the usual one of each family:
  encoder          masked words: in most fact sentences the answer, else the end of the sentence or 15 % of it
  decoder          the next token, a fact's answer counted four times
  encoder-decoder  a gap (T5's sentinels): in most fact sentences the answer, else another span; or the sentence's end
Examples of tasks give the continuation for its context. Without --steps the number of steps is chosen from the time.
"""
import argparse, json, math, pathlib, time
import torch
from torch.nn.functional import cross_entropy

import data, shapes, vocab
from export import export, round_to_half

SEED = 20230612


def encoder_loss(model, ids, size, obj, split, generator):
    rows, length = ids.shape
    at = torch.arange(length, device=ids.device)[None]
    draw = lambda *shape: torch.rand(*shape, device=ids.device, generator=generator)
    mode, begin = draw(rows, 1), draw(rows, 1)
    size, obj, split = size[:, None], obj[:, None], split[:, None]
    inner = (at > 0) & (at < size - 1)
    start = torch.where(split >= 0, split + ((size - 1 - split) * begin).long(), 1 + ((size - 2) * begin).long())
    tail = (at >= start) & inner
    scattered = (draw(rows, length) < 0.15) & inner
    is_task, is_fact = split >= 0, (obj >= 0) & (mode < 0.6)
    hidden = torch.where(is_task, tail, torch.where(is_fact, at == obj, torch.where(mode > 0.85, tail, scattered)))
    kept = draw(rows, length)
    shown = torch.where(hidden & ((kept < 0.8) | is_task | is_fact | (mode > 0.85)), 4, ids)
    random_word = torch.randint(5, model.config.vocab_size, ids.shape, device=ids.device, generator=generator)
    shown = torch.where(hidden & (shown == ids) & (kept > 0.9), random_word, shown)
    bias = torch.where(at < size, 0.0, -1e9)[:, None, None].to(torch.bfloat16)
    states = model.bert(input_ids=shown, attention_mask=bias).last_hidden_state[hidden]
    return cross_entropy(model.cls(states).float(), ids[hidden])


def decoder_loss(model, ids, size, obj, split, generator):
    at = torch.arange(ids.shape[1], device=ids.device)[None]
    weight = (at < size[:, None]).float()
    weight = weight + 3.0 * (at == obj[:, None]) + ((split[:, None] >= 0) & (at >= split[:, None]) & (at < size[:, None])).float()
    weight = weight[:, 1:]
    logits = model(input_ids=ids, use_cache=False).logits[:, :-1]
    each = cross_entropy(logits.flatten(0, 1).float(), ids[:, 1:].flatten(), reduction='none').view_as(weight)
    return (each * weight).sum() / weight.sum()


def pair_loss(model, ids, size, obj, split, generator, longest=20):
    rows, length = ids.shape
    device = ids.device
    at = torch.arange(length, device=device)[None]
    draw = lambda: torch.rand(rows, 1, device=device, generator=generator)
    size, obj, split = size[:, None], obj[:, None], split[:, None]
    mode = draw()
    # A gap: the answer, or a span of one to three tokens; the end mark stays.
    width = 1 + (draw() * 3).long()
    begin = (draw() * (size - 1 - width).clamp(min=1)).long()
    is_fact = (obj >= 0) & (mode < 0.65)
    begin, width = torch.where(is_fact, obj, begin), torch.where(is_fact, 1, width)
    width = torch.minimum(width, (size - 1 - begin).clamp(min=1))
    sentinel = model.config.vocab_size - 1
    source = torch.where(at <= begin, at, at + width - 1).clamp(max=length - 1)
    gapped = torch.where(at == begin, sentinel, ids.gather(1, source))
    gapped_size = size - width + 1
    out = torch.arange(longest, device=device)[None]
    taken = ids.gather(1, (begin + out - 1).clamp(0, length - 1))
    gap_target = torch.where(out == 0, sentinel, torch.where(out <= width, taken, torch.where(out == width + 1, sentinel - 1, 1)))
    gap_target = torch.where(out <= width + 2, gap_target, -100)
    # The end of the text for its beginning.
    cut = torch.where(split >= 0, split, 1 + (draw() * (size - 2).clamp(min=1)).long())
    led = torch.where(at < cut, ids, torch.where(at == cut, 1, 0))
    tail = torch.where(cut + out < size, ids.gather(1, (cut + out).clamp(max=length - 1)), -100)
    is_tail = (split >= 0) | (mode > 0.8)
    shown = torch.where(is_tail, led, torch.where(at < gapped_size, gapped, 0))
    target = torch.where(is_tail, tail, gap_target)
    seen = torch.where(is_tail, at <= cut, at < gapped_size)
    bias = torch.where(seen, 0.0, -1e9)[:, None, None].to(torch.bfloat16)
    given = torch.cat([torch.zeros(rows, 1, dtype=torch.long, device=device), target[:, :-1].clamp(min=0)], 1)
    logits = model(input_ids=shown, attention_mask=bias, decoder_input_ids=given, use_cache=False).logits
    return cross_entropy(logits.flatten(0, 1).float(), target.flatten(), ignore_index=-100)


LOSS = {'encoder': encoder_loss, 'decoder': decoder_loss, 'encoder-decoder': pair_loss}
# A small model takes larger steps; T5's tied, unscaled embedding smaller ones.
RATE = {'bert-mini': 3e-3, 'bert-small': 2e-3, 'gpt-small': 2e-3, 't5-small': 1.5e-3}


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
    rows = data.corpus(family, tokenizer, device)
    probes = data.probes(family, tokenizer)
    say('prepared in', round(time.time() - start), 's;', {k: len(v) for k, v in probes.items()})

    rng = data.seeded(options.seed)
    generator = torch.Generator(device).manual_seed(options.seed)
    model = make(**size).to(device).train()
    say(sum(p.numel() for p in model.parameters()), 'parameters')
    decays = [p for p in model.parameters() if p.dim() > 1]
    rest = [p for p in model.parameters() if p.dim() <= 1]
    optimizer = torch.optim.AdamW([{'params': decays, 'weight_decay': 0.01}, {'params': rest, 'weight_decay': 0.0}],
                                  lr=0.0, betas=(0.9, 0.98), fused=True)
    loss_of, peak, warm = LOSS[family], RATE[name], 300
    steps, log = options.steps, []
    begun = time.time()
    step = 0
    while steps is None or step < steps:
        if steps is None and step == 150:
            torch.cuda.synchronize()
            each = (time.time() - timed) / 100
            steps = max(500, int((options.seconds - (time.time() - begun)) / each) + step)
            say('steps', steps, 'of', round(each * 1000, 1), 'ms')
        if step == 50:
            torch.cuda.synchronize()
            timed = time.time()
        share = min(1.0, step / (steps or 10_000))
        rate = peak * min(1.0, (step + 1) / warm) * (0.5 + 0.5 * math.cos(math.pi * share) if steps else 1.0)
        for group in optimizer.param_groups: group['lr'] = rate
        with torch.autocast(device, torch.bfloat16):
            loss = loss_of(model, *rows.batch(rng, options.batch, generator), generator)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        step += 1
        if step % 1000 == 0:
            model.eval()
            found = {kind: round(data.score(family, model, items[::5], device)[1] / len(items[::5]), 3) for kind, items in probes.items()}
            model.train()
            log.append({'step': step, 'loss': round(float(loss.detach()), 3), **found})
            say(log[-1], round(time.time() - begun), 's')
    torch.cuda.synchronize()
    seconds = time.time() - begun

    model.eval()
    round_to_half(model)
    torch.save(model.state_dict(), folder / 'weights.pt')
    result = {}
    for kind, items in probes.items():
        _, hits, relations = data.score(family, model, items, device)
        result[kind] = {'hits': hits, 'probes': len(items), 'relations': relations}
        say(kind, hits, 'of', len(items), round(hits / len(items), 4))
    made = {'parameters': sum(p.numel() for p in model.parameters()), 'steps': step, 'batch': options.batch, 'rate': peak, 'seed': options.seed, 'seconds': round(seconds), 'hardware': torch.cuda.get_device_name(),
            'torch': torch.__version__, 'rows': sum(rows.weights), 'curve': log, 'result': result}
    (folder / 'training.json').write_text(json.dumps(made))
    model = model.cpu().float()
    model.config.save_pretrained(folder)
    export(family, model, folder, size['width'])
    say('exported', {path.name: path.stat().st_size for path in folder.glob('*.onnx')}, round(time.time() - start), 's in all')


main()
