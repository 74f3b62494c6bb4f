"""Small byte-level tokenizers in one file each, as Hugging Face's libraries write them, and their numbers of some texts.

    python3 tokenizer_json.py

tokenizer/tokenizer.json is what transformers 5.18 with tokenizers 0.23.2 saves of a GPT-2's tokenizer; tokenizer/older the same in
the form of older files: merges as strings, no type of the model. Both give the same numbers there, which is checked here.
"""
import json
import pathlib
import tempfile

from tokenizers import ByteLevelBPETokenizer, Tokenizer
from transformers import GPT2TokenizerFast

FOLDER = pathlib.Path(__file__).parent.parent / "resources" / "tokenizer"
TEXT = """A stage takes the next batch when the stage before it is done; the other stages wait, and they don't mind.
We'll see 3 stages, 12 batches and 2048 tokens: that's what the stages take there. Über Äste, naïve Cafés, 漢字 und 漢字.
""" * 3
TEXTS = [
    "The stages take the batches.",
    "they'll see what that stage's done; WE'LL wait  and   wait ",
    "one\n\n  two\tthree\r\n",
    "Über Äste: naïve Cafés — “quoted” 漢字 🙂 𝒳",
    "12x2048 3.14e-5 a_b-c'd 'tis I'D",
    "\u00a0no-break\u2003em",
    "",
]

trained = ByteLevelBPETokenizer()
trained.train_from_iterator([TEXT], vocab_size=340, min_frequency=2, special_tokens=["<|endoftext|>"], show_progress=False)
with tempfile.TemporaryDirectory() as scratch:
    trained.save_model(scratch)
    GPT2TokenizerFast(vocab=f"{scratch}/vocab.json", merges=f"{scratch}/merges.txt").save_pretrained(FOLDER)
(FOLDER / "tokenizer_config.json").unlink()
saved = Tokenizer.from_file(str(FOLDER / "tokenizer.json"))
older = json.loads((FOLDER / "tokenizer.json").read_text(encoding="utf-8"))
del older["model"]["type"]
older["model"]["merges"] = [" ".join(pair) for pair in older["model"]["merges"]]
(FOLDER / "older").mkdir(exist_ok=True)
file = FOLDER / "older" / "tokenizer.json"
file.write_text(json.dumps(older, ensure_ascii=False) + "\n", encoding="utf-8")
read = Tokenizer.from_file(str(file))
lines = []
for text in TEXTS:
    numbers = saved.encode(text, add_special_tokens=False).ids
    assert numbers == read.encode(text, add_special_tokens=False).ids
    lines.append(json.dumps(text, ensure_ascii=True) + "\t" + " ".join(map(str, numbers)) + "\n")
(FOLDER / "tokens.txt").write_text("".join(lines), encoding="utf-8")
