package io.ketju.layers.model;

import io.ketju.layers.model.ParameterBlock.NamedTensor;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import java.util.function.DoubleUnaryOperator;
import java.util.zip.CRC32;

/**
 * Weights of large networks that need no file: each element is a function of the parameter's name and its place, as {@code zoo.py} in
 * src/test/golden has it too.
 */
final class ZooRule {
    private ZooRule() {}

    /** All parameters and buffers of a model. */
    static void fill(ParameterBlock block) {
        block.values().forEach(ZooRule::fill);
    }

    private static void fill(NamedTensor parameter) {
        Tensor tensor = parameter.tensor();
        Shape shape = tensor.shape();
        String name = parameter.name();
        if (shape.rank() > 1) {
            // Keeps about the size of what passes.
            double bound = Math.sqrt(6.0 / shape.sample().elements());
            fill(name, tensor, u -> (2 * u - 1) * bound);
        } else if (name.endsWith("running_var")) {
            fill(name, tensor, u -> 0.5 + u);
        } else if (name.endsWith(".weight")) {
            fill(name, tensor, u -> 0.75 + 0.5 * u);
        } else {
            fill(name, tensor, u -> 0.25 * (2 * u - 1));
        }
    }

    /** Pixels from -1 to 1. */
    static void fillImages(Tensor images) {
        fill("images", images, u -> 2 * u - 1);
    }

    private static void fill(String name, Tensor tensor, DoubleUnaryOperator value) {
        long start = start(name);
        float[] values = new float[tensor.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) value.applyAsDouble(uniform(start, i));
        }
        tensor.copyFrom(values);
    }

    private static long start(String name) {
        CRC32 checksum = new CRC32();
        checksum.update(name.getBytes(StandardCharsets.UTF_8));
        return checksum.getValue() << 32;
    }

    /** The finalizer of splitmix64, 24 bits of it. */
    private static double uniform(long start, int index) {
        long z = (start + index + 0x9e3779b97f4a7c15L) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 30)) * 0x94d049bb133111ebL;
        z = z ^ (z >>> 31);
        return (z >>> 40) * 0x1p-24;
    }
}
