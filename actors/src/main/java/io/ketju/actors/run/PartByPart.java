package io.ketju.actors.run;

import io.ketju.layers.loss.Prediction;
import io.ketju.layers.model.Input;
import io.ketju.pipeline.stage.Predictor;
import io.ketju.tensor.DType;
import io.ketju.tensor.Plural;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.memory.TensorArena;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts values from the heap through a predictor, so many samples at a time: memory outside of the heap is that of one
 * part, however many samples there are. Not thread-safe.
 */
final class PartByPart {
    private final Predictor predictor;
    private final int largest;
    private final Kernels kernels;

    /** @param largest samples of one part, at most */
    PartByPart(Predictor predictor, int largest, Kernels kernels) {
        this.predictor = predictor;
        this.largest = largest;
        this.kernels = kernels;
    }

    /**
     * What the outputs become by their views, in the model's order.
     *
     * @param inputs of the model, in order, each of all samples
     * @param views for each output
     */
    List<TensorValues> predict(List<TensorValues> inputs, List<Prediction> views) {
        List<TensorType> declared = declared(inputs);
        int samples = samples(inputs);
        List<TensorValues> results = predictor.outputTypes(types(declared, samples)).stream()
                .map(TensorValues::zeros)
                .toList();
        for (int first = 0; first < samples; first += largest) {
            part(inputs, declared, views, results, samples, first);
        }
        return results;
    }

    private void part(
            List<TensorValues> inputs,
            List<TensorType> ofOne,
            List<Prediction> views,
            List<TensorValues> results,
            int samples,
            int first) {
        int count = Math.min(largest, samples - first);
        List<TensorType> types = types(ofOne, count);
        List<TensorType> outputTypes = predictor.outputTypes(types);
        long bytes = bytes(types) + 2 * bytes(outputTypes);
        try (TensorArena arena = new TensorArena(bytes)) {
            List<Tensor> given = types.stream().map(arena::allocate).toList();
            for (int i = 0; i < given.size(); i++) {
                boolean batched = predictor.model().inputs().get(i).batched();
                inputs.get(i).copyTo(batched ? first * ofOne.get(i).shape().elements() : 0, given.get(i));
            }
            List<Tensor> outputs = outputTypes.stream().map(arena::allocate).toList();
            predictor.predict(given, outputs);
            for (int i = 0; i < outputs.size(); i++) {
                int at = place(results.get(i), outputs.get(i), samples, first, count);
                results.get(i).copyFrom(at, viewed(views.get(i), outputs.get(i), arena));
            }
        }
    }

    /** Of so many samples, of which each is as one. */
    private List<TensorType> types(List<TensorType> ofOne, int count) {
        List<TensorType> types = new ArrayList<>();
        for (int i = 0; i < ofOne.size(); i++) {
            TensorType type = ofOne.get(i);
            boolean batched = predictor.model().inputs().get(i).batched();
            types.add(batched ? type.withShape(type.shape().sample().batched(count)) : type);
        }
        return types;
    }

    private Tensor viewed(Prediction view, Tensor output, TensorArena arena) {
        if (output.dtype() != DType.FLOAT32) {
            return output;
        }
        Tensor seen = arena.allocate(output.shape());
        view.apply(kernels, output, seen);
        return seen;
    }

    /** Where a part of an output lies in the whole. */
    private static int place(TensorValues whole, Tensor part, int samples, int first, int count) {
        int ofOne = whole.shape().elements() / samples;
        if (count < samples && (long) ofOne * count != part.elements()) {
            throw new IllegalArgumentException("expected outputs of " + Plural.of(part.elements() / count, "value")
                    + " a sample, found " + whole.shape() + " for " + Plural.of(samples, "sample")
                    + ": predict at most " + count + " at once");
        }
        return first * ofOne;
    }

    /** Types of the inputs for one sample as it is given; throws unless the model takes them, for any number of samples. */
    private List<TensorType> declared(List<TensorValues> inputs) {
        List<TensorType> types = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            Input input = predictor.model().inputs().get(i);
            TensorValues values = inputs.get(i);
            boolean fits = values.shape().rank() == input.type().shape().rank()
                    && input.takes(
                            values.type(), input.batched() ? values.shape().dimension(0) : 1);
            if (!fits) {
                throw new IllegalArgumentException("input '" + input.name() + "': expected "
                        + (input.batched()
                                ? "samples of " + input.type().dtype().text()
                                        + input.type().shape().sample()
                                : input.type().toString())
                        + ", found " + values);
            }
            types.add(
                    input.batched()
                            ? values.type().withShape(values.shape().sample().batched(1))
                            : values.type());
        }
        return types;
    }

    private int samples(List<TensorValues> inputs) {
        int samples = -1;
        for (int i = 0; i < inputs.size(); i++) {
            Input input = predictor.model().inputs().get(i);
            if (input.batched()) {
                int found = inputs.get(i).shape().dimension(0);
                if (samples >= 0 && found != samples) {
                    throw new IllegalArgumentException("input '" + input.name() + "': expected "
                            + Plural.of(samples, "sample") + " like the inputs before it, found " + found);
                }
                samples = found;
            }
        }
        return samples < 0 ? 1 : samples;
    }

    private static long bytes(List<TensorType> types) {
        return types.stream().mapToLong(TensorType::bytes).sum();
    }
}
