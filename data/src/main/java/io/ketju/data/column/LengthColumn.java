package io.ketju.data.column;

import io.ketju.data.Batch;
import io.ketju.data.IdentityHash;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;

/**
 * How many elements of each sequence are none of the padding: int32 [samples].
 *
 * @param name what models call it
 * @param sequences whose lengths these are, without padding
 */
public record LengthColumn(String name, Sequences sequences) implements Column {
    @Override
    public int size() {
        return sequences.size();
    }

    @Override
    public TensorType largest(int mostSamples) {
        return TensorType.ints(mostSamples);
    }

    @Override
    public TensorType type(Batch samples) {
        return largest(samples.size());
    }

    @Override
    public void copy(Batch samples, Tensor target) {
        for (int row = 0; row < samples.size(); row++) {
            target.setInt(row, sequences.length(samples.sample(row)));
        }
    }

    @Override
    public void addTo(IdentityHash hash) {
        hash.add("lengths " + name);
        for (int i = 0; i < size(); i++) {
            hash.add("" + sequences.length(i));
        }
    }
}
