package io.ketju.benchmarks.jmh;

import io.ketju.benchmarks.gemm.GemmOperands;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.kernel.convolution.Conv2dShape;
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

/** The two convolutions of LeNet-5, forward and backward. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ConvolutionKernel {
    /** Which layer of LeNet-5. */
    public enum Place {
        /** 1 to 6 channels of 28 x 28, kernel 5, padding 2. */
        FIRST(1, 28, 6, 2),
        /** 6 to 16 channels of 14 x 14, kernel 5, no padding. */
        SECOND(6, 14, 16, 0);

        private final int inChannels;
        private final int size;
        private final int outChannels;
        private final int padding;

        Place(int inChannels, int size, int outChannels, int padding) {
            this.inChannels = inChannels;
            this.size = size;
            this.outChannels = outChannels;
            this.padding = padding;
        }

        Conv2dShape shape(int batch) {
            Conv2dShape.Window window = Conv2dShape.Window.square(5, 1, padding);
            return new Conv2dShape(batch, inChannels, size, size, outChannels, window);
        }
    }

    /** Everything that one layer reads and writes. */
    private static final class Layer implements AutoCloseable {
        private final TensorArena arena = new TensorArena(64 << 20);
        private final Random random = new Random(1);
        private final Conv2dShape shape;
        private final Tensor x;
        private final Tensor w;
        private final Tensor bias;
        private final Tensor y;
        private final Tensor dx;
        private final Tensor dw;
        private final Tensor db;

        Layer(Conv2dShape shape) {
            this.shape = shape;
            x = tensor(shape.batch(), shape.inChannels(), shape.height(), shape.width());
            dx = tensor(shape.batch(), shape.inChannels(), shape.height(), shape.width());
            w = tensor(shape.outChannels(), shape.inChannels(), 5, 5);
            dw = tensor(shape.outChannels(), shape.inChannels(), 5, 5);
            bias = tensor(shape.outChannels());
            db = tensor(shape.outChannels());
            y = tensor(shape.batch(), shape.outChannels(), shape.outHeight(), shape.outWidth());
        }

        private Tensor tensor(int... dimensions) {
            return GemmOperands.uniform(arena.allocate(Shape.of(dimensions)), random);
        }

        @Override
        public void close() {
            arena.close();
        }
    }

    /** Compute threads, the calling one being the only one at 1. */
    @Param("1")
    public int threads;

    @Param("64")
    public int batch;

    @Param
    public Place place = Place.FIRST;

    private @Nullable TensorCore core;
    private @Nullable Layer layer;

    @Setup
    public void open() {
        core = TensorCore.open(threads);
        layer = new Layer(place.shape(batch));
    }

    @TearDown
    public void close() {
        Objects.requireNonNull(layer).close();
        Objects.requireNonNull(core).close();
    }

    @Benchmark
    public void forward() {
        Layer l = Objects.requireNonNull(layer);
        Objects.requireNonNull(core).kernels().convolution().conv2dForward(l.shape, l.x, l.w, l.bias, l.y);
    }

    @Benchmark
    public void backwardInput() {
        Layer l = Objects.requireNonNull(layer);
        Objects.requireNonNull(core).kernels().convolution().conv2dBackwardInput(l.shape, l.y, l.w, l.dx);
    }

    @Benchmark
    public void backwardWeight() {
        Layer l = Objects.requireNonNull(layer);
        // It adds: the sums of many calls must stay finite.
        l.dw.clear();
        Objects.requireNonNull(core).kernels().convolution().conv2dBackwardWeight(l.shape, l.x, l.y, l.dw);
    }

    @Benchmark
    public void backwardBias() {
        Layer l = Objects.requireNonNull(layer);
        l.db.clear();
        Objects.requireNonNull(core).kernels().convolution().conv2dBackwardBias(l.shape, l.y, l.db);
    }
}
