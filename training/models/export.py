"""Writes a trained model as people export models: ONNX with float16 weights, under the file names that optimum gives."""
import numpy as np, onnx, torch
from onnx import TensorProto, helper, numpy_helper


class Plain(torch.nn.Module):
    """A forward pass with positional inputs and one output, as a tracing exporter wants it."""

    def __init__(self, model, call):
        super().__init__()
        self.model, self.call = model, call

    def forward(self, *inputs): return self.call(self.model, *inputs)


def causal(mask):
    """[batch, length] of ones and zeros → the additive mask [batch, 1, length, length] of a decoder."""
    length = mask.shape[1]
    seen = torch.ones(length, length, dtype=torch.bool).tril()[None, None] & (mask[:, None, None, :] > 0)
    return torch.where(seen, 0.0, torch.finfo(torch.float32).min)


GRAPHS = {
    'encoder': {'model.onnx': (
        lambda m, ids, mask, types: m(input_ids=ids, attention_mask=mask, token_type_ids=types).logits,
        {'input_ids': 'ids', 'attention_mask': 'ones', 'token_type_ids': 'zeros'}, 'logits')},
    'decoder': {'model.onnx': (
        lambda m, ids, mask, positions: m(input_ids=ids, attention_mask=causal(mask), position_ids=positions, use_cache=False).logits,
        {'input_ids': 'ids', 'attention_mask': 'ones', 'position_ids': 'count'}, 'logits')},
    'encoder-decoder': {
        'encoder_model.onnx': (
            lambda m, ids, mask: m.encoder(input_ids=ids, attention_mask=mask).last_hidden_state,
            {'input_ids': 'ids', 'attention_mask': 'ones'}, 'last_hidden_state'),
        'decoder_model.onnx': (
            lambda m, mask, ids, hidden: t5_logits(m, mask, ids, hidden),
            {'encoder_attention_mask': 'encoder ones', 'input_ids': 'ids', 'encoder_hidden_states': 'hidden'}, 'logits')},
}


def t5_logits(model, mask, ids, hidden):
    out = model.decoder(input_ids=ids, attention_mask=causal(torch.ones_like(ids)), encoder_hidden_states=hidden,
                        encoder_attention_mask=mask, use_cache=False).last_hidden_state
    if model.config.tie_word_embeddings: out = out * model.model_dim ** -0.5
    return model.lm_head(out)


def tie(graph):
    """The exporter stores a head that shares the embedding a second time, turned: one copy and a Transpose say the same."""
    matrices = {t.name: numpy_helper.to_array(t) for t in graph.initializer if t.data_type == TensorProto.FLOAT and len(t.dims) == 2}
    for name, values in matrices.items():
        if values.shape[0] >= values.shape[1]: continue
        twin = next((other for other, its in matrices.items() if its.shape == values.shape[::-1] and np.array_equal(its.T, values)), None)
        if twin is None: continue
        graph.initializer.remove(next(t for t in graph.initializer if t.name == name))
        place = next(i for i, node in enumerate(graph.node) if name in node.input)
        graph.node.insert(place, helper.make_node('Transpose', [twin], [name], f'{name}/Transpose', perm=[1, 0]))


def to_half(path):
    """Weights as float16 with a Cast behind each: half the download, and every runtime computes in float32."""
    model = onnx.load(path)
    graph = model.graph
    tie(graph)
    casts = []
    for tensor in graph.initializer:
        if tensor.data_type != TensorProto.FLOAT or np.prod(tensor.dims) < 64: continue
        values, name = numpy_helper.to_array(tensor), tensor.name
        half = values.astype(np.float16)
        assert np.array_equal(half.astype(np.float32), values), f'{name} is not exact in float16'
        stored = numpy_helper.from_array(half, f'{name}_half')
        tensor.CopyFrom(stored)
        casts.append(helper.make_node('Cast', [stored.name], [name], f'{name}/Cast', to=TensorProto.FLOAT))
    graph.node.extend(casts)
    nodes = [*casts, *[node for node in graph.node if node not in casts]]
    del graph.node[:]
    graph.node.extend(nodes)
    onnx.checker.check_model(model)
    onnx.save(model, path)


def export(family, model, folder, width):
    """Writes the graphs of a model in float32 on the CPU into `folder`."""
    model = model.eval()
    example = {
        'ids': torch.randint(5, 60, (2, 7)), 'ones': torch.ones(2, 7, dtype=torch.long), 'zeros': torch.zeros(2, 7, dtype=torch.long),
        'count': torch.arange(7).expand(2, 7).contiguous(), 'encoder ones': torch.ones(2, 9, dtype=torch.long), 'hidden': torch.randn(2, 9, width)}
    for name, (call, inputs, output) in GRAPHS[family].items():
        axes = {key: {0: 'batch', 1: 'encoder_length' if 'encoder' in key else 'length'} for key in inputs}
        with torch.no_grad():
            torch.onnx.export(Plain(model, call).eval(), tuple(example[kind] for kind in inputs.values()), str(folder / name),
                              input_names=list(inputs), output_names=[output], dynamic_axes={**axes, output: {0: 'batch', 1: 'length'}},
                              opset_version=17, do_constant_folding=True, dynamo=False)
        to_half(folder / name)


def round_to_half(model):
    """What is stored is what is measured: all weights become values that float16 holds."""
    with torch.no_grad():
        for value in model.parameters(): value.copy_(value.half().float())
