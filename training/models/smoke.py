import json, pathlib, sys, time, re
import torch, transformers, tokenizers, onnx
import onnxruntime as rt
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import shapes, vocab
from export import export, round_to_half, GRAPHS
out = pathlib.Path(sys.argv[1]); out.mkdir(parents=True, exist_ok=True)
print(torch.__version__, transformers.__version__, tokenizers.__version__)
torch.manual_seed(0)
def step(title, f):
    t = time.time()
    try: r = f(); print('OK', title, round(time.time() - t, 1)); return r
    except Exception as e:
        import traceback; print('FAIL', title); traceback.print_exc(limit=-6)
text = [w.lower() for p in pathlib.Path('.').glob('**/*.md') for w in p.read_text().split('\n') if w.strip()][:4000]
text += [re.sub('[^a-z ]', ' ', l.lower())[:200] for p in pathlib.Path('public').glob('suites/facts/*.json') for l in p.read_text().replace('","', '\n').split('\n')][:60000]
words = sorted({w for l in text for w in re.findall('[a-z]{4,9}', l)})[:3000]
for family in vocab.MAKE:
    d = out / f'tok-{family}'; d.mkdir(exist_ok=True)
    tok = step(f'tokenizer {family}', lambda: vocab.MAKE[family](d, text, words))
    if tok:
        for s in ['The capital of France is Paris.', 'Question: is it?\nAnswer:', ' ' + words[7], 'a <extra_id_0> b.']: print(family, repr(s), tok.encode(s).tokens, tok.encode(s).ids)
        bad = [w for w in words if len(tok.encode(('' if family == 'encoder' else ' ') + w, add_special_tokens=False).ids) != 1]
        print('not single', len(bad), bad[:5], tok.get_vocab_size())
for name, fam, make in [('tiny-bert', 'encoder', lambda: shapes.bert(16, 2, 2, 64)), ('tiny-gpt2', 'decoder', lambda: shapes.gpt(16, 2, 2, 64)), ('tiny-t5', 'encoder-decoder', lambda: shapes.t5(16, 2, 2, 64))]:
    def go():
        m = make()
        with torch.no_grad():
            for p in m.parameters():
                if p.dim() > 1: p.normal_(0, 0.4)
        round_to_half(m)
        d = out / name; d.mkdir(exist_ok=True)
        export(fam, m, d, 16)
        m.config.save_pretrained(d)
        ids = torch.tensor([[5, 9, 11, 40, 7, 6]]); dec = torch.tensor([[0, 8, 33, 21]])
        f = lambda p: rt.InferenceSession(str(d / p))
        with torch.no_grad():
            if fam == 'encoder': l = m(input_ids=ids, attention_mask=torch.ones_like(ids)).logits
            elif fam == 'decoder': l = m(input_ids=ids).logits
            else: l = m(input_ids=ids, decoder_input_ids=dec).logits
        n = lambda t: t.numpy()
        if fam == 'encoder': o = f('model.onnx').run(None, {'input_ids': n(ids), 'attention_mask': n(torch.ones_like(ids)), 'token_type_ids': n(torch.zeros_like(ids))})[0]
        elif fam == 'decoder': o = f('model.onnx').run(None, {'input_ids': n(ids), 'attention_mask': n(torch.ones_like(ids)), 'position_ids': n(torch.arange(6)[None])})[0]
        else:
            h = f('encoder_model.onnx').run(None, {'input_ids': n(ids), 'attention_mask': n(torch.ones_like(ids))})[0]
            o = f('decoder_model.onnx').run(None, {'input_ids': n(dec), 'encoder_attention_mask': n(torch.ones_like(ids)), 'encoder_hidden_states': h})[0]
        print(name, 'difference', abs(o - n(l)).max())
        (d / 'logits.json').write_text(json.dumps({'ids': ids.tolist(), 'decoder': dec.tolist(), 'logits': l.tolist()}))
    step(name, go)
def llama():
    from transformers import LlamaConfig, LlamaForCausalLM
    m = LlamaForCausalLM(LlamaConfig(vocab_size=64, hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=64, attn_implementation='eager', tie_word_embeddings=False))
    round_to_half(m); d = out / 'tiny-llama'; d.mkdir(exist_ok=True); export('decoder', m, d, 16); m.config.save_pretrained(d)
    ids = torch.tensor([[5, 9, 11, 40, 7, 6]])
    (d / 'logits.json').write_text(json.dumps({'ids': ids.tolist(), 'logits': m(input_ids=ids).logits.tolist()}))
step('tiny-llama', llama)
def past():
    from transformers import DynamicCache
    m = shapes.gpt(16, 2, 2, 64); round_to_half(m)
    class W(torch.nn.Module):
        def __init__(s): super().__init__(); s.m = m
        def forward(s, ids, mask, pos, *kv):
            c = DynamicCache()
            for i in range(2): c.update(kv[2 * i], kv[2 * i + 1], i)
            q, k = ids.shape[1], ids.shape[1] + kv[0].shape[2]
            seen = torch.ones(k, k, dtype=torch.bool).tril()[None, None, k - q:] & (mask[:, None, None, :] > 0)
            o = s.m(input_ids=ids, attention_mask=torch.where(seen, 0.0, -3.4e38), position_ids=pos, past_key_values=c, use_cache=True)
            p = o.past_key_values
            return (o.logits, *[t for l in p.layers for t in (l.keys, l.values)])
    d = out / 'tiny-gpt2-past'; d.mkdir(exist_ok=True)
    kv = [torch.randn(2, 2, 3, 8) for _ in range(4)]
    names = [f'past_key_values.{i}.{k}' for i in range(2) for k in ('key', 'value')]
    torch.onnx.export(W().eval(), (torch.randint(5, 60, (2, 7)), torch.ones(2, 10, dtype=torch.long), torch.arange(3, 10).expand(2, 7).contiguous(), *kv), str(d / 'model.onnx'),
        input_names=['input_ids', 'attention_mask', 'position_ids', *names], output_names=['logits', *[n.replace('past_key_values', 'present') for n in names]],
        dynamic_axes={'input_ids': {0: 'b', 1: 's'}, 'attention_mask': {0: 'b', 1: 't'}, 'position_ids': {0: 'b', 1: 's'}, **{n: {0: 'b', 2: 'p'} for n in names}}, opset_version=17, dynamo=False)
    m.config.save_pretrained(d)
    ids = torch.tensor([[5, 9, 11, 40, 7, 6]])
    (d / 'logits.json').write_text(json.dumps({'ids': ids.tolist(), 'logits': m(input_ids=ids).logits.tolist()}))
step('gpt2 with past', past)
# speed
dev = 'cuda'
def speed(name, compiled, batch, length, n=40):
    fam, make, kw = shapes.MODELS[name]
    m = make(**kw).to(dev); print(name, sum(p.numel() for p in m.parameters()))
    opt = torch.optim.AdamW(m.parameters(), 1e-3, fused=True)
    f = torch.compile(m) if compiled else m
    ids = torch.randint(5, 6000, (batch, length), device=dev); mask = torch.ones_like(ids)
    def one():
        with torch.autocast('cuda', torch.bfloat16):
            if fam == 'encoder':
                rows = (m.bert if not compiled else f.bert)(input_ids=ids, attention_mask=mask).last_hidden_state[:, :3]
                l = m.cls(rows); loss = torch.nn.functional.cross_entropy(l.flatten(0, 1).float(), ids[:, :3].flatten())
            elif fam == 'decoder': loss = torch.nn.functional.cross_entropy(f(input_ids=ids).logits[:, :-1].flatten(0, 1), ids[:, 1:].flatten())
            else: loss = torch.nn.functional.cross_entropy(f(input_ids=ids, decoder_input_ids=ids[:, :6]).logits.flatten(0, 1), ids[:, :6].flatten())
        loss.backward(); opt.step(); opt.zero_grad(set_to_none=True)
    t = time.time(); one(); torch.cuda.synchronize(); first = time.time() - t
    for _ in range(3): one()
    torch.cuda.synchronize(); t = time.time()
    for _ in range(n): one()
    torch.cuda.synchronize(); print(name, 'compiled' if compiled else 'eager', batch, length, 'ms/step', round((time.time() - t) / n * 1000, 1), 'first', round(first, 1), 'GB', round(torch.cuda.max_memory_allocated() / 1e9, 1))
for a in [('bert-small', False, 2048, 16), ('bert-small', False, 2048, 32), ('gpt-small', False, 2048, 16), ('t5-small', False, 2048, 16), ('bert-mini', False, 2048, 16), ('gpt-small', True, 2048, 16)]:
    step(f'speed {a}', lambda: speed(*a))
