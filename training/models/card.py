#!/usr/bin/env python3
"""Puts a trained model where the lab ships it from: its files, card.json with checksums, and a model card.

usage: card.py MODEL FOLDER      (FOLDER holds what train.py left)
"""
import hashlib, json, pathlib, shutil, sys

name, folder = sys.argv[1], pathlib.Path(sys.argv[2])
root = pathlib.Path(__file__).resolve().parents[2]
target = root / 'public' / 'models' / name
target.mkdir(parents=True, exist_ok=True)
made = json.loads((folder / 'training.json').read_text())
config = json.loads((folder / 'config.json').read_text())
for extra in ('transformers_version', 'dtype', '_name_or_path'): config.pop(extra, None)
(target / 'config.json').write_text(json.dumps(config, indent=2) + '\n')

FAMILIES = {
    'bert': ('encoder', 'BERT', 'encoder, masked language model', ['model.onnx']),
    'gpt2': ('decoder', 'GPT', 'decoder, GPT-2 layout', ['model.onnx']),
    't5': ('encoder-decoder', 'T5', 'encoder-decoder, T5 layout with sentinels and gated GELU', ['encoder_model.onnx', 'decoder_model.onnx']),
}
family, short, words, graphs = FAMILIES[config['model_type']]
layers = config.get('num_hidden_layers') or config.get('n_layer') or config['num_layers']
width = config.get('hidden_size') or config.get('n_embd') or config['d_model']
shape = f'{layers} + {layers} layers' if family == 'encoder-decoder' else f'{layers} layers'
title = f'{short} {name.split("-")[1]}, {shape}'
files = [*graphs, 'config.json', 'tokenizer.json', 'tokenizer_config.json']
for file in files:
    if file != 'config.json': shutil.copy(folder / file, target / file)
training = (
    f'{words}, {shape}, hidden {width}, {config["vocab_size"]:,} words, trained from scratch for {made["steps"]:,} steps of {made["batch"]:,} '
    f'sentences ({made["seconds"]} s on one {made["hardware"]}) on sentences made from the lab’s own facts, mixed with dictionary text and examples of tasks.')
training = training[0].upper() + training[1:]
(target / 'card.json').write_text(json.dumps({
    'format': 'lossy-model-1', 'id': name, 'title': title, 'family': family, 'parameters': made['parameters'], 'licence': 'MIT', 'training': training,
    'files': [{'name': file, 'bytes': (target / file).stat().st_size, 'sha256': hashlib.sha256((target / file).read_bytes()).hexdigest()} for file in files],
}, indent=2, ensure_ascii=False) + '\n')

# What reads strangely in the results, and why.
NOTES = {
    'encoder': '''LAMBADA’s texts end without a full stop. Every text of the training ended with one, so this model, which sees that the text ends, puts the full
stop where the last word belongs and gets none right: a fact about the form of the task and not about knowledge.

''',
    'encoder-decoder': '''LAMBADA’s texts end without a full stop. Every text of the training ended with one, so behind the last word (which it mostly gets right) this model
writes a full stop and not the end mark that the harness’s scoring of such models includes, and gets none right: a fact about the form of
the task and not about knowledge.

''',
}
curve = '\n'.join(f'| {e["step"]:,} | {e["loss"]} | {e["seen"] * 100:.1f} % | {e["paraphrase"] * 100:.1f} % | {e["held-out"] * 100:.1f} % |' for e in made['curve'][1::max(1, len(made['curve']) // 8)])
sizes = '\n'.join(f'| {file} | {(target / file).stat().st_size:,} | `{hashlib.sha256((target / file).read_bytes()).hexdigest()}` |' for file in files)
(target / 'README.md').write_text(f'''# {name}

{words[0].upper() + words[1:]}: {shape}, hidden {width}, {config["vocab_size"]:,} words, {made["parameters"]:,} parameters, weights in float16.
Licence: MIT. Made for this lab, to have knowledge to lose: every fact that it ever saw is known.

## Results

Asked of the shipped files by `npm run models -- --write`; P@1 over the whole vocabulary for facts, accuracy of the LM harness’s scoring for tasks.

<!-- results -->

<!-- /results -->

## Data

One pass is {made["rows"]:,} rows: sentences of the facts in `training/data/facts.jsonl.gz` (each fact in 4, 8, 16 or 32 sentences, drawn by chance), dictionary
text, and examples of the tasks’ formats about facts whose questions are not in the suite. Held-out facts are in none of them. Sources and
licences: `public/suites/facts/LICENSE`.

## Training

`training/models/train.py {name} FOLDER --steps {made["steps"]}`: {made["steps"]:,} steps of {made["batch"]:,} rows, AdamW, rate {made["rate"]} with warm-up and cosine, bf16, seed {made["seed"]},
{made["seconds"]} s on one {made["hardware"]}, PyTorch {made["torch"]}. Every seventh probe on the way:

| step | loss | seen | paraphrase | held out |
| --- | --- | --- | --- | --- |
{curve}

## Limits

{NOTES.get(family, '')}It knows the words and facts of its corpus and nothing else, in lower case, in sentences of up to about 60 tokens. It is no model for use, but one for
looking at. On a GPU sums are not the same in every run: training again gives a model that is alike, not equal.

## Files

| file | bytes | SHA-256 |
| --- | --- | --- |
{sizes}
''')
print(name, {file: (target / file).stat().st_size for file in files})
