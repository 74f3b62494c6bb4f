"""Has Hugging Face's library read a tokenizer that Ketju wrote, and prints the numbers of the lines of a file.

    ketju weights RUN --to-gpt2 folder
    python load_tokenizer.py folder lines.txt

Each line of the output: the numbers, and the text that they are again.
"""
import sys

from transformers import AutoTokenizer

folder, lines = sys.argv[1:]
tokenizer = AutoTokenizer.from_pretrained(folder)
for line in open(lines, encoding="utf-8"):
    numbers = tokenizer.encode(line.rstrip("\n"), add_special_tokens=False)
    print(numbers, repr(tokenizer.decode(numbers)))
