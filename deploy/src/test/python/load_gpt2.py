"""Has Hugging Face's library load a model that Ketju wrote, and prints its logits for some tokens.

    ketju weights RUN --to-gpt2 folder
    python load_gpt2.py folder 5,1,7

It fails if a tensor is missing or one too many. Each line of the output: the logits behind one token.
"""
import sys

import torch
from transformers import GPT2LMHeadModel

folder, tokens = sys.argv[1:]
model, loading = GPT2LMHeadModel.from_pretrained(folder, dtype=torch.float32, output_loading_info=True)
for what in ("missing_keys", "unexpected_keys", "mismatched_keys"):
    assert not loading[what], (what, loading[what])
with torch.no_grad():
    logits = model.eval()(torch.tensor([[int(token) for token in tokens.split(",")]])).logits[0]
for position in logits.tolist():
    print("logits", *position)
