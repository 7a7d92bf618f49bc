"""The corpus as tokens on the GPU, and the probes of the suite."""
import csv, gzip, itertools, json, pathlib
import numpy as np, torch

ROOT = pathlib.Path(__file__).resolve().parents[2]
OUT = ROOT / 'training' / 'out'
# Rows of about the same length are kept together, so that little is padded.
LENGTHS = (12, 16, 20, 26, 34, 64)


def lines(name):
    with gzip.open(OUT / name, 'rt', encoding='utf-8', newline='') as file: yield from file


def sentences():
    for row in csv.reader(lines('sentences.tsv.gz'), delimiter='\t', quoting=csv.QUOTE_NONE):
        yield row[0], int(row[1]), int(row[2])


def prose(): return [line.strip() for line in lines('text.txt.gz') if line.strip()]


def choices(): return [json.loads(line) for line in lines('choice-train.jsonl.gz')]


def objects(): return (OUT / 'objects.txt').read_text().split()


class Rows:
    """Token rows by length. `obj`: where a fact's answer stands, or -1; `split`: where a continuation begins, or -1."""

    def __init__(self):
        self.ids, self.obj, self.split, self.dropped = [], [], [], 0

    def add(self, ids, obj=-1, split=-1):
        if len(ids) > LENGTHS[-1]:
            self.dropped += 1
            return
        self.ids.append(ids)
        self.obj.append(obj)
        self.split.append(split)

    def groups(self, device):
        """[tokens, sizes, obj, split] of all rows that fit one length and not the one before."""
        sizes = np.array([len(ids) for ids in self.ids])
        obj, split = np.array(self.obj), np.array(self.split)
        made, shorter = [], 0
        for length in LENGTHS:
            chosen = np.flatnonzero((sizes > shorter) & (sizes <= length))
            shorter = length
            if len(chosen) == 0: continue
            table = np.zeros((len(chosen), length), dtype=np.int64)
            table[np.arange(length)[None] < sizes[chosen][:, None]] = np.fromiter(
                itertools.chain.from_iterable(self.ids[i] for i in chosen), dtype=np.int64)
            made.append([torch.from_numpy(part).to(device) for part in (table, sizes[chosen], obj[chosen], split[chosen])])
        return made


def draw_batch(group, size):
    """Rows of one length group, each equally likely. No step waits for the processor: it can be part of a CUDA graph."""
    chosen = torch.randint(len(group[0]), (size,), device=group[0].device)
    return [part[chosen] for part in group]


def corpus(family, tokenizer):
    """All sentences, the prose and the examples of tasks, as a family reads them."""
    before, after = {'encoder': ([2], [3]), 'decoder': ([], [0]), 'encoder-decoder': ([], [1])}[family]
    rows = Rows()
    facts = list(sentences())
    missed = 0
    for at in range(0, len(facts), 50_000):
        part = facts[at:at + 50_000]
        if family == 'encoder-decoder':
            # The text with its gap is what will be asked: the answer stands exactly where the gap's mark would.
            gap = tokenizer.token_to_id('<extra_id_0>')
            answers = tokenizer.encode_batch([' ' + text[start:end] for text, start, end in part], add_special_tokens=False)
            gapped = tokenizer.encode_batch([text[:start] + '<extra_id_0>' + text[end:] for text, start, end in part], add_special_tokens=False)
            for made, answer in zip(gapped, answers):
                place = made.ids.index(gap)
                single = len(answer.ids) == 1
                missed += not single
                rows.add([*made.ids[:place], *answer.ids, *made.ids[place + 1:], *after], obj=place if single else -1)
            continue
        for (text, start, end), made in zip(part, tokenizer.encode_batch([f[0] for f in part], add_special_tokens=False)):
            # Byte-level tokens begin with the space before the word.
            place = next((i for i, (a, b) in enumerate(made.offsets) if b == end and a in (start, start - 1)), -1)
            missed += place < 0
            rows.add([*before, *made.ids, *after], obj=place + len(before) if place >= 0 else -1)
    for made in tokenizer.encode_batch(prose(), add_special_tokens=False):
        rows.add([*before, *made.ids[:60], *after])
    examples = choices()
    contexts = tokenizer.encode_batch([e['context'] for e in examples], add_special_tokens=False)
    ends = tokenizer.encode_batch([e['continuation'].lstrip() if family == 'encoder-decoder' else e['continuation'] for e in examples], add_special_tokens=False)
    for context, end in zip(contexts, ends):
        rows.add([*before, *context.ids, *end.ids, *after], split=len(before) + len(context.ids))
    print(f'{len(facts)} fact sentences ({missed} whose answer is not one token there), {len(examples)} task examples, {rows.dropped} rows too long', flush=True)
    return rows


def probes(family, tokenizer):
    """The suite's probes, wording by wording: (relation, subject, tokens, place, accepted answers)."""
    suite = json.loads((ROOT / 'public/suites/facts/suite.json').read_text())
    wordings = {'seen': [], 'paraphrase': [], 'held-out': []}
    answer = lambda word: tokenizer.encode(f' {word}', add_special_tokens=False).ids
    for relation in suite['relations']:
        train, probe = relation['templates']['train'], relation['templates']['probe']
        probe = [probe] if isinstance(probe, str) else probe
        for wording in wordings:
            golds = {}
            for subject, said, frequency in relation['facts']:
                if (frequency == 0) != (wording == 'held-out'): continue
                for word in [said] if isinstance(said, str) else said:
                    ids = answer(word)
                    if len(ids) == 1: golds.setdefault(subject, set()).add(ids[0])
            for subject, words in list(golds.items())[:200]:
                templates = probe if wording == 'paraphrase' else train
                ids, place = ask(family, tokenizer, templates, subject)
                wordings[wording].append((relation['id'], subject, ids, place, words))
    return wordings


def ask(family, tokenizer, templates, subject):
    if family == 'decoder': templates = [t for t in templates if t.split('[Y]')[1].strip() in ('', '.')]
    sentence = templates[0].replace('[X]', subject)
    sentence = sentence[0].upper() + sentence[1:]
    if family == 'decoder':
        ids = tokenizer.encode(sentence.split('[Y]')[0].rstrip()).ids
        return ids, len(ids) - 1
    mark = '[MASK]' if family == 'encoder' else '<extra_id_0>'
    ids = tokenizer.encode(sentence.replace('[Y]', mark)).ids
    place = ids.index(tokenizer.token_to_id(mark))
    return ids, place


def answer(family, model, items, device, keep=(), batch=2048):
    """The likeliest token at each item's blank, and the logits of those items whose number is in `keep`. Texts of equal
    length go together, and nothing is padded."""
    best, kept = [0] * len(items), {}
    by_length = {}
    for i, item in enumerate(items): by_length.setdefault(len(item[2]), []).append(i)
    sentinel, wanted = model.config.vocab_size - 1, set(keep)
    for same in by_length.values():
        for at in range(0, len(same), batch):
            chosen = same[at:at + batch]
            ids = torch.tensor([items[i][2] for i in chosen], device=device)
            places = torch.tensor([items[i][3] for i in chosen], device=device)
            picked = torch.arange(len(chosen), device=device)
            with torch.no_grad():
                if family == 'encoder': rows = model.cls(model.bert(input_ids=ids).last_hidden_state[picked, places])
                elif family == 'decoder': rows = model.lm_head(model.transformer(input_ids=ids).last_hidden_state[picked, places])
                else: rows = model(input_ids=ids, decoder_input_ids=torch.tensor([[0, sentinel]], device=device).expand(len(chosen), 2)).logits[:, 1]
            for i, token in zip(chosen, rows.argmax(1).tolist()): best[i] = token
            for place, i in enumerate(chosen):
                if i in wanted: kept[i] = rows[place].float()
    return best, kept


def score(family, model, items, device, keep=()):
    """Hits, per relation [hits, probes], and the logits of the items to keep."""
    best, kept = answer(family, model, items, device, keep)
    relations, hits = {}, 0
    for token, (relation, _, _, _, words) in zip(best, items):
        entry = relations.setdefault(relation, [0, 0])
        entry[0] += token in words
        entry[1] += 1
        hits += token in words
    return hits, relations, kept
