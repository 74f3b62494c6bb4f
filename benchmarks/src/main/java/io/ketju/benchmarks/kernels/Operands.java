package io.ketju.benchmarks.kernels;

import io.ketju.benchmarks.measure.Uniform;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import java.util.ArrayList;
import java.util.List;

/** Tensors for one kernel, with the numbers that a peer in another process makes too. Owns their memory. */
public final class Operands implements AutoCloseable {
    private final List<TensorArena> arenas = new ArrayList<>();

    /** Numbers of a seed's sequence, within ±scale. */
    public Tensor uniform(int seed, float scale, int... dimensions) {
        return Uniform.fill(zeros(dimensions), seed, scale);
    }

    /** Numbers of a seed's sequence without their signs, within 1. */
    public Tensor magnitudes(int seed, int elements) {
        Tensor tensor = uniform(seed, 1, elements);
        for (int i = 0; i < elements; i++) {
            tensor.setFloat(i, Math.abs(tensor.getFloat(i)));
        }
        return tensor;
    }

    /** Zeros. */
    public Tensor zeros(int... dimensions) {
        return arena(Shape.of(dimensions)).allocate(Shape.of(dimensions));
    }

    /** Zeros of INT32. */
    public Tensor integers(int... dimensions) {
        return arena(Shape.of(dimensions)).allocate(DType.INT32, Shape.of(dimensions));
    }

    /** Class indexes of a seed's sequence. */
    public Tensor classes(int bound, int seed, int rows) {
        Tensor tensor = integers(rows);
        for (int i = 0; i < rows; i++) {
            tensor.setInt(i, Uniform.below(bound, seed, i));
        }
        return tensor;
    }

    private TensorArena arena(Shape shape) {
        TensorArena arena = new TensorArena(TensorArena.bytesFor(shape));
        arenas.add(arena);
        return arena;
    }

    @Override
    public void close() {
        arenas.forEach(TensorArena::close);
    }
}
