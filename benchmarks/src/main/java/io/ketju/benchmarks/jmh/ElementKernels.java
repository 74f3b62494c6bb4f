package io.ketju.benchmarks.jmh;

import io.ketju.benchmarks.gemm.GemmOperands;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.kernel.update.AdamStep;
import io.ketju.tensor.memory.TensorArena;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** ReLU and Adam over so many elements, cross-entropy over as many logits in 10 classes. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ElementKernels {
    private static final int CLASSES = 10;

    /** Everything that the kernels read and write. */
    private static final class Operands implements AutoCloseable {
        private final TensorArena arena;
        private final Tensor x;
        private final Tensor y;
        private final Tensor m;
        private final Tensor v;
        private final Tensor logits;
        private final Tensor dlogits;
        private final Tensor losses;
        private final Tensor targets;
        private long step;

        Operands(int elements) {
            Random random = new Random(1);
            int rows = Math.max(1, elements / CLASSES);
            arena = new TensorArena(9 * TensorArena.bytesFor(Shape.of(rows + elements)));
            x = GemmOperands.uniform(arena.allocate(Shape.of(elements)), random);
            y = GemmOperands.uniform(arena.allocate(Shape.of(elements)), random);
            m = arena.allocate(Shape.of(elements));
            v = arena.allocate(Shape.of(elements));
            logits = GemmOperands.uniform(arena.allocate(Shape.of(rows, CLASSES)), random);
            dlogits = arena.allocate(Shape.of(rows, CLASSES));
            losses = arena.allocate(Shape.of(rows));
            targets = arena.allocate(DType.INT32, Shape.of(rows));
            for (int i = 0; i < rows; i++) {
                targets.setInt(i, random.nextInt(CLASSES));
            }
        }

        @Override
        public void close() {
            arena.close();
        }
    }

    /** Compute threads, the calling one being the only one at 1. */
    @Param("1")
    public int threads;

    @Param({"4096", "262144"})
    public int elements;

    private @Nullable TensorCore core;
    private @Nullable Operands operands;

    @Setup
    public void open() {
        core = TensorCore.open(threads);
        operands = new Operands(elements);
    }

    @TearDown
    public void close() {
        Objects.requireNonNull(operands).close();
        Objects.requireNonNull(core).close();
    }

    @Benchmark
    public void reluForward() {
        Operands o = Objects.requireNonNull(operands);
        Objects.requireNonNull(core).kernels().activation().reluForward(o.x, o.y);
    }

    @Benchmark
    public void crossEntropy() {
        Operands o = Objects.requireNonNull(operands);
        Objects.requireNonNull(core).kernels().loss().crossEntropy(o.logits, o.targets, 0.1f, o.losses, o.dlogits);
    }

    @Benchmark
    public void adam() {
        Operands o = Objects.requireNonNull(operands);
        o.step++;
        AdamStep step = new AdamStep(1e-3, 0.9, 0.999, 1e-8, 0, o.step);
        Objects.requireNonNull(core).kernels().update().adam(step, o.x, o.y, o.m, o.v);
    }
}
