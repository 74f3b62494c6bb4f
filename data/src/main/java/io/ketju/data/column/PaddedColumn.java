package io.ketju.data.column;

import io.ketju.data.Batch;
import io.ketju.data.IdentityHash;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;

/**
 * Sequences side by side, int32 [samples, longest], as {@code torch.nn.utils.rnn.pad_sequence(batch_first=True)} makes them.
 *
 * @param name what models call it
 * @param sequences that are padded to the longest of each micro-batch, rounded up as they say
 * @param padding what stands behind the end of shorter ones: a padding token, or of targets what the loss ignores (-100)
 */
public record PaddedColumn(String name, Sequences sequences, int padding) implements Column {
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
            int[] elements = sequences.row(samples.sample(row));
            for (int i = 0; i < longest; i++) {
                target.setInt(row * longest + i, i < elements.length ? elements[i] : padding);
            }
        }
    }

    @Override
    public void addTo(IdentityHash hash) {
        hash.add("padded " + name + " " + padding + " " + sequences.multiple());
        for (int i = 0; i < size(); i++) {
            hash.add(sequences.row(i));
        }
    }
}
