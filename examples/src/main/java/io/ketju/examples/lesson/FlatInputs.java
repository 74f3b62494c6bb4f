package io.ketju.examples.lesson;

import io.ketju.data.Batch;
import io.ketju.data.Dataset;
import io.ketju.data.IdentityHash;
import io.ketju.data.column.Column;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;

/**
 * The inputs of a data set as rows of numbers, as often as they are asked for: tens of thousands of images need no second place on the
 * heap.
 *
 * @param name what models call it
 * @param dataset whose inputs these are; of float32
 */
public record FlatInputs(String name, Dataset dataset) implements Column {
    @Override
    public int size() {
        return dataset.size();
    }

    @Override
    public TensorType largest(int mostSamples) {
        return TensorType.floats(Shape.of(dataset.inputShape().elements()).batched(mostSamples));
    }

    @Override
    public TensorType type(Batch samples) {
        return largest(samples.size());
    }

    @Override
    public void copy(Batch samples, Tensor target) {
        samples.copyInputs(dataset, 0, target.view(dataset.inputShape().batched(samples.size())));
    }

    @Override
    public void addTo(IdentityHash hash) {
        hash.add("inputs " + name).add(dataset.identity());
    }
}
