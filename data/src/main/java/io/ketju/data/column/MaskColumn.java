package io.ketju.data.column;

import io.ketju.data.Batch;
import io.ketju.data.IdentityHash;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;

/**
 * Which elements of padded sequences are none of the padding: int32 [samples, longest], 1 for those and 0 behind them.
 *
 * @param name what models call it
 * @param sequences that are padded; the mask is padded alike
 */
public record MaskColumn(String name, Sequences sequences) implements Column {
    @Override
    public int size() {
        return sequences.size();
    }

    @Override
    public TensorType largest(int mostSamples) {
        return TensorType.ints(mostSamples, sequences.longest());
    }

    @Override
    public TensorType type(Batch samples) {
        return TensorType.ints(samples.size(), sequences.longest(samples));
    }

    @Override
    public void copy(Batch samples, Tensor target) {
        int longest = target.shape().dimension(1);
        for (int row = 0; row < samples.size(); row++) {
            int length = sequences.length(samples.sample(row));
            for (int i = 0; i < longest; i++) {
                target.setInt(row * longest + i, i < length ? 1 : 0);
            }
        }
    }

    @Override
    public void addTo(IdentityHash hash) {
        hash.add("mask " + name + " " + sequences.multiple());
        for (int i = 0; i < size(); i++) {
            hash.add("" + sequences.length(i));
        }
    }
}
