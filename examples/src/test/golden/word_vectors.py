"""Words a second of skip-gram with negative sampling: Ketju's job against gensim's Word2Vec, on two threads each, one after the other,
three times in turn. From the root of the repository, with a Python that has gensim (Debian: python3-gensim):

    /usr/bin/python3 examples/src/test/golden/word_vectors.py

The same text, cut into words in the same way, and the same choices: 100 dimensions, five words before and behind, all of them
(shrink_windows=False, as Ketju has them), five negatives by count^0.75, words that come five times, sample=0.001. Words that are learnt from
count, not those that subsampling leaves out. gensim learns word by word and without locks, so no two of its runs are alike; Ketju by mini-batches of 1,024
words with Adagrad, to the same bits each time. Of Ketju the second half of the epochs counts, when the compiler is done, with
the loss of the test words after each; gensim has nothing to warm.
"""
import argparse
import gzip
import pathlib
import re
import shlex
import statistics
import subprocess
import tempfile
import time

from gensim.models import Word2Vec

ROOT = pathlib.Path(__file__).resolve().parents[4]
TEXT = ROOT / "datasets/src/main/resources/io/ketju/datasets/dickens/dickens.txt.gz"


def sentences():
    """The first 95 % as words and single marks, without their lines: at most 10,000 words of a sentence count in gensim."""
    text = gzip.open(TEXT).read().decode()
    text = text[: int(len(text) * 0.95 + 0.5)].lower()
    words = re.findall(r"[^\W_]+(?:['’-][^\W_]+)*|\S", text)
    return [words[i : i + 5000] for i in range(0, len(words), 5000)]


def by_gensim(corpus, epochs):
    model = Word2Vec(
        vector_size=100, window=5, min_count=5, sample=1e-3, sg=1, negative=5, workers=2, shrink_windows=False, seed=1)
    model.build_vocab(corpus)
    begun = time.time()
    learnt, _ = model.train(corpus, total_examples=model.corpus_count, epochs=epochs)
    seconds = time.time() - begun
    return learnt / seconds, model


def by_ketju(command, epochs):
    with tempfile.TemporaryDirectory() as folder:
        run = pathlib.Path(folder) / "run"
        arguments = ["train", "jobs/skip-gram.conf", "--threads", "2", "--epochs", str(epochs), "--run-dir", str(run), "--plain"]
        told = subprocess.run(shlex.split(command) + arguments, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    words = int(re.search(r"([0-9,]+) train and", told)[1].replace(",", ""))
    seconds = [float(s) for s in re.findall(r"^epoch .* ([0-9.]+) s$", told, re.M)]
    return words * len(seconds[epochs // 2 :]) / sum(seconds[epochs // 2 :])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--ketju", default="./ketju", help="the command")
    arguments = parser.parse_args()
    corpus = sentences()
    ratios = []
    for _ in range(arguments.rounds):
        peer, model = by_gensim(corpus, arguments.epochs)
        ours = by_ketju(arguments.ketju, arguments.epochs)
        ratios.append(ours / peer)
        print("words/s: Ketju %9.0f, gensim %9.0f, ratio %.2f" % (ours, peer, ours / peer), flush=True)
    print("median ratio %.2f" % statistics.median(ratios))
    for word in ("night", "mother", "hand"):
        print("gensim, %s: %s" % (word, " ".join(near for near, _ in model.wv.most_similar(word, topn=6))))


if __name__ == "__main__":
    main()
