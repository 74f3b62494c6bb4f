"""A small byte-level vocabulary and its merges, learnt from a few sentences, in the files of a GPT-2's folder.

    python3 gpt2_tokens.py && npm install @huggingface/tokenizers && node gpt2_tokens.mjs

The second script asks Hugging Face's tokenizers for the numbers of some texts.
"""
import collections
import json
import pathlib

FOLDER = pathlib.Path(__file__).parent.parent / "resources" / "gpt2"
TEXT = """the cat sat on the mat. the other cat, which isn't there, didn't see the 123 mats that they'll sell for 42 euros;
we're told that there's nothing like the thing that others think. Thinking of 2026, I'd rather not. über den Ästen, naïve café.
""" * 3
MERGES = 120


def characters():
    printable = [i for i in range(256) if 0x21 <= i <= 0x7E or 0xA1 <= i <= 0xAC or i >= 0xAE]
    table, others = {}, 0
    for i in range(256):
        table[i] = chr(i) if i in printable else chr(256 + others)
        others += i not in printable
    return table


table = characters()
words = collections.Counter()
for word in TEXT.replace("\n", " \n").split(" "):
    words[tuple(table[b] for b in (" " + word).encode())] += 1
merges = []
for _ in range(MERGES):
    pairs = collections.Counter()
    for word, count in words.items():
        for pair in zip(word, word[1:]):
            pairs[pair] += count
    best = max(sorted(pairs), key=pairs.get)
    merges.append(best)
    changed = collections.Counter()
    for word, count in words.items():
        out = []
        for piece in word:
            if out and (out[-1], piece) == best:
                out[-1] = out[-1] + piece
            else:
                out.append(piece)
        changed[tuple(out)] += count
    words = changed
vocabulary = {c: i for i, c in enumerate(table[b] for b in range(256))}
for left, right in merges:
    vocabulary.setdefault(left + right, len(vocabulary))
FOLDER.mkdir(parents=True, exist_ok=True)
(FOLDER / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False), encoding="utf-8")
(FOLDER / "merges.txt").write_text("#version: 0.2\n" + "".join(f"{a} {b}\n" for a, b in merges), encoding="utf-8")
