package io.ketju.benchmarks.steps;

import io.ketju.benchmarks.kernels.Operands;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;

/** What the parts of a network are made of: kernels, memory for values, and parameters. Nothing is made in a step. */
record Kit(Kernels kernels, Operands memory, Parameters parameters) implements AutoCloseable {
    /** A core's kernels, and room for so many parameters. */
    static Kit of(Kernels kernels, int capacity) {
        return new Kit(kernels, new Operands(), new Parameters(capacity));
    }

    /** A result that is trained through. */
    Value value(int... dimensions) {
        return new Value(memory.zeros(dimensions), memory.zeros(dimensions));
    }

    Tensor floats(int... dimensions) {
        return memory.zeros(dimensions);
    }

    @Override
    public void close() {
        parameters.close();
        memory.close();
    }
}
