package io.ketju.data;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.util.List;

/**
 * A data set as samples: its inputs under one name, its targets under another, or its inputs alone where they are what the losses
 * compare with, too.
 *
 * @param dataset stays its owner's
 * @param input what the model calls its input
 * @param target what the losses call their target
 */
public record DatasetSamples(Dataset dataset, String input, String target) implements SampleSource {
    @Override
    public String name() {
        return dataset.name();
    }

    @Override
    public int size() {
        return dataset.size();
    }

    @Override
    public List<BatchPort> ports(int mostSamples) {
        BatchPort inputs = BatchPort.changing(input, type(mostSamples, input));
        return input.equals(target)
                ? List.of(inputs)
                : List.of(inputs, BatchPort.changing(target, type(mostSamples, target)));
    }

    @Override
    public TensorType type(Batch samples, String port) {
        return type(samples.size(), port);
    }

    private TensorType type(int samples, String port) {
        return port.equals(input)
                ? new TensorType(dataset.inputType(), dataset.inputShape().batched(samples))
                : new TensorType(dataset.targetType(), dataset.targetShape().batched(samples));
    }

    @Override
    public void copy(Batch samples, String port, Tensor tensor) {
        if (port.equals(input)) {
            samples.copyInputs(dataset, 0, tensor);
        } else {
            samples.copyTargets(dataset, 0, tensor);
        }
    }

    @Override
    public String identity() {
        return dataset.identity();
    }
}
