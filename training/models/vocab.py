"""Tokenizers of the three families over the same text: WordPiece (BERT), byte-level BPE (GPT-2), Unigram (T5).

Every answer of the suite is one token in all three, so that the same facts can be asked of every model.
"""
import json
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

SIZE = 6144
SENTINELS = [f'<extra_id_{i}>' for i in range(100)]


def _write(folder, tokenizer, config):
    (folder / 'tokenizer.json').write_text(json.dumps(tokenizer, ensure_ascii=False, separators=(',', ':')))
    (folder / 'tokenizer_config.json').write_text(json.dumps(config, indent=2) + '\n')
    return Tokenizer.from_file(str(folder / 'tokenizer.json'))


def _fill(head, wanted, trained):
    """A vocabulary of SIZE entries: the special ones, the answers, then what training found, each once."""
    vocab = dict.fromkeys([*head, *wanted])
    for piece in trained:
        if len(vocab) == SIZE: break
        vocab.setdefault(piece)
    assert len(vocab) == SIZE, len(vocab)
    return list(vocab)


def word_piece(folder, lines, objects):
    special = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]']
    made = Tokenizer(models.WordPiece(unk_token='[UNK]'))
    made.normalizer = normalizers.BertNormalizer(lowercase=True)
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.train_from_iterator(lines, trainers.WordPieceTrainer(vocab_size=SIZE, special_tokens=special, limit_alphabet=200))
    trained = sorted(made.get_vocab(), key=made.get_vocab().get)
    # Letters first, so that no word is unknown.
    letters = [piece for piece in trained if len(piece.removeprefix('##')) == 1]
    vocab = _fill([*special, *letters], objects, trained)
    made.model = models.WordPiece({piece: i for i, piece in enumerate(vocab)}, unk_token='[UNK]')
    made.post_processor = processors.TemplateProcessing(
        single='[CLS] $A [SEP]', pair='[CLS] $A [SEP] $B:1 [SEP]:1',
        special_tokens=[(name, vocab.index(name)) for name in ('[CLS]', '[SEP]')])
    made.decoder = decoders.WordPiece(prefix='##')
    made.add_special_tokens(special)
    return _write(folder, json.loads(made.to_str()), {
        'tokenizer_class': 'BertTokenizer', 'do_lower_case': True, 'model_max_length': 128, 'pad_token': '[PAD]',
        'unk_token': '[UNK]', 'cls_token': '[CLS]', 'sep_token': '[SEP]', 'mask_token': '[MASK]'})


def byte_bpe(folder, lines, objects):
    """Byte-level BPE. Answers that the merges do not reach are whole entries (`ignore_merges`, as in Llama 3)."""
    end = '<|endoftext|>'
    made = Tokenizer(models.BPE())
    made.normalizer = normalizers.Lowercase()
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    answers = ['Ġ' + word for word in objects]
    room = SIZE - len(answers) + 1200  # many answers are found by training anyway
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    made.train_from_iterator(lines, trainers.BpeTrainer(vocab_size=room, initial_alphabet=alphabet, special_tokens=[end]))
    data = json.loads(made.to_str())
    merges, known = [], {end, *alphabet}
    wanted = set(answers)
    vocab = dict.fromkeys([end, *sorted(alphabet), *answers])
    for merge in data['model']['merges']:
        left, right = merge if isinstance(merge, list) else merge.split(' ')
        if left not in known or right not in known: continue
        if left + right not in vocab and len(vocab) == SIZE: continue
        vocab.setdefault(left + right)
        known.add(left + right)
        merges.append(f'{left} {right}')
    assert len(vocab) == SIZE, len(vocab)
    data['model'] |= {'vocab': {piece: i for i, piece in enumerate(vocab)}, 'merges': merges, 'ignore_merges': True}
    for token in data['added_tokens']: token['id'] = list(vocab).index(token['content'])
    return _write(folder, data, {
        'tokenizer_class': 'GPT2Tokenizer', 'add_prefix_space': False, 'model_max_length': 128,
        'bos_token': end, 'eos_token': end, 'unk_token': end})


def unigram(folder, lines, objects):
    special = ['<pad>', '</s>', '<unk>']
    made = Tokenizer(models.Unigram())
    made.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase(), normalizers.Replace('\n', ' ')])
    made.pre_tokenizer = pre_tokenizers.Metaspace(replacement='▁', prepend_scheme='first')
    made.decoder = decoders.Metaspace(replacement='▁', prepend_scheme='first')
    made.train_from_iterator(lines, trainers.UnigramTrainer(
        vocab_size=SIZE, special_tokens=special, unk_token='<unk>', shrinking_factor=0.75))
    data = json.loads(made.to_str())
    trained = dict(data['model']['vocab'])
    low = min(score for piece, score in trained.items() if piece not in special)
    answers = {'▁' + word: trained.get('▁' + word, low) for word in objects}
    letters = [piece for piece in trained if len(piece.lstrip('▁')) <= 1 and piece not in special]
    by_score = sorted((piece for piece in trained if piece not in special), key=trained.get, reverse=True)
    names = _fill([*special, *letters], answers, by_score)[:SIZE - len(SENTINELS)]
    assert all(word in names for word in answers)
    scores = {**trained, **answers}
    vocab = [[name, 0.0 if name in special else scores[name]] for name in names]
    # T5's sentinels stand at the end, the first one last.
    vocab += [[name, 0.0] for name in reversed(SENTINELS)]
    data['model'] |= {'vocab': vocab, 'unk_id': 2}
    ids = {name: i for i, (name, _) in enumerate(vocab)}
    data['added_tokens'] = [
        {'id': ids[name], 'content': name, 'single_word': False, 'lstrip': name in SENTINELS, 'rstrip': False, 'normalized': False, 'special': True}
        for name in [*special, *reversed(SENTINELS)]]
    data['post_processor'] = json.loads(processors.TemplateProcessing(
        single='$A </s>', pair='$A </s> $B </s>', special_tokens=[('</s>', 1)]).__getstate__())
    # An answer beats every way to put it together from pieces: it is a little likelier than the best of them.
    places = {name: i for i, (name, _) in enumerate(vocab)}
    for _ in range(8):
        made = Tokenizer.from_str(json.dumps(data))
        pieces = {word: made.encode(word, add_special_tokens=False).tokens for word in objects}
        split = {word: found for word, found in pieces.items() if len(found) > 1}
        if not split: break
        for word, found in split.items():
            vocab[places['▁' + word]][1] = sum(vocab[places[piece]][1] for piece in found) + 0.1
    assert not split, list(split)[:5]
    return _write(folder, data, {
        'tokenizer_class': 'T5Tokenizer', 'extra_ids': 100, 'additional_special_tokens': SENTINELS, 'model_max_length': 128,
        'pad_token': '<pad>', 'eos_token': '</s>', 'unk_token': '<unk>'})


MAKE = {'encoder': word_piece, 'decoder': byte_bpe, 'encoder-decoder': unigram}
