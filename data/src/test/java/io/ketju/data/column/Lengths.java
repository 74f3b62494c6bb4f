package io.ketju.data.column;

import io.ketju.data.Batch;
import io.ketju.data.IdentityHash;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.util.List;

/** The column of CONTRIBUTING.md: how long each sample's sequence is. */
// region column
record Lengths(String name, List<int[]> sequences) implements Column {
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
        return TensorType.ints(samples.size());
    }

    @Override
    public void copy(Batch samples, Tensor target) {
        for (int i = 0; i < samples.size(); i++) {
            target.setInt(i, sequences.get(samples.sample(i)).length);
        }
    }

    @Override
    public void addTo(IdentityHash hash) {
        sequences.forEach(hash::add);
    }
}
// end region
