package io.ketju.data.text;

import io.ketju.data.Batch;
import io.ketju.data.IdentityHash;
import io.ketju.data.column.Column;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;

/**
 * The words around a word, or the word itself, of a text that is kept once: sample i is about the word at i times the step.
 *
 * @param name what models call it
 * @param tokens numbers of all words, in their order
 * @param window where the others are
 * @param around whether it gives those around the word, int32 [samples, before + after], or the word itself, int32 [samples]
 * @param none what stands for a word before the begin or behind the end
 */
record WindowColumn(String name, TokenNumbers tokens, WordWindows.Window window, boolean around, int none)
        implements Column {
    @Override
    public int size() {
        return Math.toIntExact(Math.ceilDiv(tokens.size(), window.step()));
    }

    @Override
    public TensorType largest(int mostSamples) {
        return around ? TensorType.ints(mostSamples, window.size()) : TensorType.ints(mostSamples);
    }

    @Override
    public TensorType type(Batch samples) {
        return largest(samples.size());
    }

    @Override
    public void copy(Batch samples, Tensor target) {
        int at = 0;
        for (int row = 0; row < samples.size(); row++) {
            long word = (long) samples.sample(row) * window.step();
            if (!around) {
                target.setInt(at++, tokens.get(word));
                continue;
            }
            for (long other = word - window.before(); other <= word + window.after(); other++) {
                if (other != word) {
                    target.setInt(at++, other < 0 || other >= tokens.size() ? none : tokens.get(other));
                }
            }
        }
    }

    @Override
    public void addTo(IdentityHash hash) {
        hash.add("window " + name + " " + window + " " + around + " " + none);
        tokens.addTo(hash);
    }
}
