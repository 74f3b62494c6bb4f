package io.ketju.onnx;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.memory.TensorArena;
import io.ketju.tensor.random.CounterRandom;

/** The elements of one input, whole numbers as floats too. */
@SuppressWarnings("ArrayRecordComponent") // tests never compare them
record Values(TensorType type, float[] elements) {
    /** Normal numbers, or whole ones below a bound: a function of seed and name. */
    static Values random(TensorType type, long seed, String name, int bound) {
        CounterRandom random = CounterRandom.of(seed, name);
        float[] elements = new float[type.shape().elements()];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = type.differentiable() ? random.normal(i) : random.below(i, bound);
        }
        return new Values(type, elements);
    }

    Tensor in(TensorArena arena) {
        Tensor tensor = arena.allocate(type);
        for (int i = 0; i < elements.length; i++) {
            if (type.differentiable()) {
                tensor.setFloat(i, elements[i]);
            } else {
                tensor.setInt(i, (int) elements[i]);
            }
        }
        return tensor;
    }
}
