package io.ketju.benchmarks.jmh;

import io.ketju.benchmarks.gemm.GemmOperands;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.kernel.matrix.GemmShape;
import java.util.Objects;
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

/** One matrix product {@code c[m,n] = a[m,k] · b[k,n]}; other sizes with {@code -p m=... -p n=... -p k=...}. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class GemmKernel {
    /** Compute threads, the calling one being the only one at 1. */
    @Param("1")
    public int threads;

    @Param("512")
    public int m;

    @Param("512")
    public int n;

    @Param("512")
    public int k;

    private @Nullable TensorCore core;
    private @Nullable GemmOperands operands;

    @Setup
    public void open() {
        core = TensorCore.open(threads);
        operands = new GemmOperands(GemmShape.nn(m, n, k), 1);
    }

    @TearDown
    public void close() {
        Objects.requireNonNull(operands).close();
        Objects.requireNonNull(core).close();
    }

    @Benchmark
    public void gemm() {
        Objects.requireNonNull(operands).multiply(Objects.requireNonNull(core).kernels());
    }
}
