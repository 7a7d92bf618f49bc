"""The models: Hugging Face's own classes in small."""
from transformers import BertConfig, BertForMaskedLM, GPT2Config, GPT2LMHeadModel, T5Config, T5ForConditionalGeneration

from vocab import SIZE

LENGTH = 128


def bert(width, layers, heads, size=SIZE):
    return BertForMaskedLM(BertConfig(
        vocab_size=size, hidden_size=width, num_hidden_layers=layers, num_attention_heads=heads, intermediate_size=4 * width,
        max_position_embeddings=LENGTH, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, pad_token_id=0,
        attn_implementation='eager'))


def gpt(width, layers, heads, size=SIZE):
    return GPT2LMHeadModel(GPT2Config(
        vocab_size=size, n_embd=width, n_layer=layers, n_head=heads, n_positions=LENGTH, resid_pdrop=0.0, embd_pdrop=0.0,
        attn_pdrop=0.0, bos_token_id=0, eos_token_id=0, attn_implementation='eager'))


def t5(width, layers, heads, size=SIZE):
    return T5ForConditionalGeneration(T5Config(
        vocab_size=size, d_model=width, d_kv=width // heads, num_heads=heads, d_ff=2 * width, num_layers=layers,
        num_decoder_layers=layers, feed_forward_proj='gated-gelu', dropout_rate=0.0, tie_word_embeddings=True,
        decoder_start_token_id=0, pad_token_id=0, eos_token_id=1, attn_implementation='eager'))


MODELS = {
    'bert-mini': ('encoder', bert, dict(width=128, layers=4, heads=4)),
    'bert-small': ('encoder', bert, dict(width=192, layers=6, heads=6)),
    'gpt-small': ('decoder', gpt, dict(width=192, layers=6, heads=6)),
    't5-small': ('encoder-decoder', t5, dict(width=192, layers=4, heads=6)),
}
