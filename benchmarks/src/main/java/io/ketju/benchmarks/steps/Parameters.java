package io.ketju.benchmarks.steps;

import io.ketju.benchmarks.measure.Uniform;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import java.util.ArrayList;
import java.util.List;

/**
 * All parameters of a network side by side, so that one call updates them. They are filled by their number, as {@code
 * steps.py} does: declared in the order of PyTorch's {@code model.parameters()}, they begin equal.
 */
final class Parameters implements AutoCloseable {
    private static final int FIRST_SEED = 1000;
    private static final float SMALL = 0.1f;

    /** One parameter and its gradient. */
    record Parameter(Tensor w, Tensor dw) {}

    /** All of them as one. */
    record Block(Tensor w, Tensor dw) {}

    private final TensorArena arena;
    private final Tensor weights;
    private final Tensor gradients;
    private final List<Parameter> all = new ArrayList<>();
    private final List<Tensor> added = new ArrayList<>();
    private long used;

    /** Room for so many numbers, each parameter rounded up to whole cache lines. */
    Parameters(int capacity) {
        Shape shape = Shape.of(capacity);
        arena = new TensorArena(2 * TensorArena.bytesFor(shape));
        weights = arena.allocate(shape);
        gradients = arena.allocate(shape);
    }

    /** Rows of numbers within 1/sqrt(elements of a row), whose gradient is added to. */
    Parameter matrix(int... dimensions) {
        Parameter made = overwritten(dimensions);
        added.add(made.dw);
        return made;
    }

    /** The same where backward overwrites the gradient, which need not be zero before. */
    Parameter overwritten(int... dimensions) {
        Shape shape = Shape.of(dimensions);
        float scale = (float) Math.pow((double) shape.elements() / dimensions[0], -0.5);
        return make(shape, scale, 0);
    }

    /** Numbers around 1. */
    Parameter gain(int elements) {
        Parameter made = make(Shape.of(elements), SMALL, 1);
        added.add(made.dw);
        return made;
    }

    /** Numbers around 0. */
    Parameter bias(int elements) {
        Parameter made = make(Shape.of(elements), SMALL, 0);
        added.add(made.dw);
        return made;
    }

    /** Before backward. */
    void clearGradients() {
        for (int i = 0; i < added.size(); i++) {
            added.get(i).clear();
        }
    }

    /** One by one, as declared. */
    List<Parameter> all() {
        return List.copyOf(all);
    }

    /** As one, gaps of zeros included. */
    Block block() {
        Shape shape = Shape.of((int) (used / DType.BYTES));
        return new Block(slice(weights, 0, shape), slice(gradients, 0, shape));
    }

    @Override
    public void close() {
        arena.close();
    }

    private Parameter make(Shape shape, float scale, float middle) {
        Parameter made = new Parameter(slice(weights, used, shape), slice(gradients, used, shape));
        int seed = FIRST_SEED + all.size();
        for (int i = 0; i < shape.elements(); i++) {
            made.w.setFloat(i, Uniform.at(seed, i) * scale + middle);
        }
        all.add(made);
        used += TensorArena.bytesFor(shape);
        return made;
    }

    private static Tensor slice(Tensor whole, long offset, Shape shape) {
        return new Tensor(whole.segment().asSlice(offset, shape.bytes()), DType.FLOAT32, shape);
    }
}
