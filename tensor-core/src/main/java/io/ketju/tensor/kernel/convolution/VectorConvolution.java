package io.ketju.tensor.kernel.convolution;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.matrix.GemmRun;
import io.ketju.tensor.kernel.matrix.GemmShape;
import io.ketju.tensor.kernel.normalization.BatchNorm;
import io.ketju.tensor.kernel.normalization.BatchStatistics;
import io.ketju.tensor.kernel.normalization.VectorNormalization;
import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.TileRunner;
import io.ketju.tensor.simd.VectorMemory;
import org.jspecify.annotations.Nullable;

/**
 * Convolution in SIMD: matrix products whose columns are read from padded samples, or from the samples themselves where
 * the window is a single element; plain loops over rows where each channel is a group of its own.
 */
public final class VectorConvolution implements ConvolutionKernels {
    private static final long BYTES = Float.BYTES;
    /** Positions from which on a sample is large enough to be a product of its own. */
    private static final int LARGE = 512;

    /** Bytes of results that are still in a second-level cache when they have been written. */
    private static final long CACHED_BYTES = 1 << 20;

    private final TileRunner tiles;
    private final LayoutCache<ColumnProduct> inputs = new LayoutCache<>(ColumnProduct::ofInput);
    private final LayoutCache<ColumnProduct> gradients = new LayoutCache<>(ColumnProduct::ofGradient);
    private final LayoutCache<TapImage> wholeInputs = new LayoutCache<>(TapImage::ofWholeInput);
    private final LayoutCache<WeightGradient> weights = new LayoutCache<>(this::weightGradient);
    private final LayoutCache<DepthwiseLayout> planes = new LayoutCache<>(DepthwiseLayout::ofInput);
    private final LayoutCache<DepthwiseLayout> planeGradients = new LayoutCache<>(DepthwiseLayout::ofGradient);

    private final ThreadLocal<Calls> calls;

    /** What a thread keeps from one call to the next. */
    private static final class Calls {
        final PlaneEpilogue epilogue = new PlaneEpilogue();
        final GradientWeights weights = new GradientWeights();
        final BiasGradient bias = new BiasGradient();
        final long[] weight = new long[1];
        final ColumnCall columns;
        final WeightCall weightGradient;

        Calls(TileRunner tiles, ThreadLocal<ColumnTask> tasks, ThreadLocal<WeightPass> passes) {
            columns = new ColumnCall(tiles, tasks);
            weightGradient = new WeightCall(tiles, passes);
        }
    }

    /**
     * Kernels whose tiles run on a pool.
     *
     * @param tiles the pool, open as long as these are used
     */
    public VectorConvolution(TileRunner tiles) {
        this.tiles = tiles;
        ThreadLocal<ColumnTask> tasks = ThreadLocal.withInitial(ColumnTask::new);
        ThreadLocal<WeightPass> passes = ThreadLocal.withInitial(WeightPass::new);
        calls = ThreadLocal.withInitial(() -> new Calls(tiles, tasks, passes));
    }

    @Override
    public void conv2dForwardFused(Conv2dShape shape, Tensor x, Tensor w, ConvolutionEpilogue epilogue, Tensor y) {
        ConvolutionChecks.input(shape, "x", x);
        ConvolutionChecks.weight(shape, "w", w);
        ConvolutionChecks.output(shape, "y", y);
        ConvolutionChecks.epilogue(shape, epilogue);
        PlaneEpilogue end = calls.get().epilogue.set(addressOrNull(epilogue.bias()), epilogue.activation());
        Conv2dShape flat = shape.isPointwise() ? shape.flattened() : shape;
        if (epilogue.statistics() == null) {
            forward(flat, VectorMemory.address(x), VectorMemory.address(w), end, VectorMemory.address(y));
            return;
        }
        BatchNorm norm = new BatchNorm(shape.batch(), shape.outChannels(), shape.positions(), 0);
        if (shape.positions() > 1) {
            BatchStatistics statistics = new BatchStatistics(norm);
            Operands operands = new Operands(VectorMemory.address(x), VectorMemory.address(w), VectorMemory.address(y));
            forward(flat, operands, end, statistics);
            statistics.write(epilogue.statistics());
        } else {
            forward(flat, VectorMemory.address(x), VectorMemory.address(w), end, VectorMemory.address(y));
            new VectorNormalization(tiles).batchNormStatistics(norm, y, epilogue.statistics());
        }
    }

    private record Operands(long x, long w, long y) {}

    /** A few samples at a time, which are still in the cache when their statistics are made. */
    private void forward(Conv2dShape shape, Operands operands, PlaneEpilogue epilogue, BatchStatistics statistics) {
        long xBytes = (long) shape.inChannels() * shape.plane() * BYTES;
        long yBytes = (long) shape.outChannels() * shape.positions() * BYTES;
        int piece = Math.clamp(CACHED_BYTES / yBytes, 1, shape.batch());
        for (int first = 0; first < shape.batch(); first += piece) {
            int count = Math.min(piece, shape.batch() - first);
            long y = operands.y + first * yBytes;
            forward(shape.withBatch(count), operands.x + first * xBytes, operands.w, epilogue, y);
            statistics.add(tiles, y, count);
        }
    }

    private void forward(Conv2dShape shape, long x, long w, PlaneEpilogue epilogue, long y) {
        if (isLargeProduct(shape)) {
            GemmShape product = GemmShape.nn(shape.outChannels(), shape.positions(), shape.inChannels());
            samples(shape, product, new long[] {x, w, y}, epilogue);
            return;
        }
        if (DepthwiseLayout.fits(shape)) {
            new DepthwisePlanes(shape, planes.get(shape), epilogue).run(tiles, x, w, y);
            return;
        }
        Calls own = calls.get();
        own.weight[0] = w;
        own.columns.operands(x, own.weight, y).run(inputs.get(shape), epilogue);
    }

    @Override
    public void conv2dBackwardInput(Conv2dShape shape, Tensor dy, Tensor w, Tensor dx) {
        ConvolutionChecks.output(shape, "dy", dy);
        ConvolutionChecks.weight(shape, "w", w);
        ConvolutionChecks.input(shape, "dx", dx);
        backwardInput(
                shape, VectorMemory.address(dy), VectorMemory.address(w), PlaneEpilogue.NONE, VectorMemory.address(dx));
    }

    @Override
    public void convTranspose2dForward(
            ConvTranspose2dShape shape, Tensor x, Tensor w, @Nullable Tensor bias, Tensor y) {
        Conv2dShape adjoint = shape.adjoint();
        ConvolutionChecks.output(adjoint, "x", x);
        ConvolutionChecks.weight(adjoint, "w", w);
        ConvolutionChecks.bias(adjoint, shape.outChannels(), bias);
        ConvolutionChecks.input(adjoint, "y", y);
        PlaneEpilogue epilogue = calls.get().epilogue.set(addressOrNull(bias), null);
        backwardInput(adjoint, VectorMemory.address(x), VectorMemory.address(w), epilogue, VectorMemory.address(y));
    }

    private void backwardInput(Conv2dShape of, long dy, long w, PlaneEpilogue epilogue, long dx) {
        if (isLargeProduct(of)) {
            GemmShape product = GemmShape.tn(of.inChannels(), of.positions(), of.outChannels());
            samples(of, product, new long[] {dy, w, dx}, epilogue);
            return;
        }
        Conv2dShape shape = of.isPointwise() ? of.flattened() : of;
        if (DepthwiseLayout.fits(shape)) {
            new DepthwisePlanes(shape, planeGradients.get(shape), epilogue).run(tiles, dy, w, dx);
            return;
        }
        ColumnProduct product = gradients.get(shape);
        Calls own = calls.get();
        Scratch scratch = tiles.scratch();
        long mark = scratch.mark();
        long[] weights = own.weights.make(tiles, shape, w, product.layout().grids());
        own.columns.operands(dy, weights, dx).run(product, epilogue);
        scratch.release(mark);
    }

    @Override
    public void conv2dBackwardWeight(Conv2dShape of, Tensor x, Tensor dy, Tensor dw) {
        ConvolutionChecks.input(of, "x", x);
        ConvolutionChecks.output(of, "dy", dy);
        ConvolutionChecks.weight(of, "dw", dw);
        Conv2dShape shape = of.isPointwise() ? of.flattened() : of;
        if (shape.groups() == 1 && !isWeightProduct(shape)) {
            calls.get()
                    .weightGradient
                    .operands(VectorMemory.address(x), VectorMemory.address(dy), VectorMemory.address(dw))
                    .run(weights.get(shape));
            return;
        }
        WeightOperands operands =
                new WeightOperands(VectorMemory.address(x), VectorMemory.address(dy), VectorMemory.address(dw));
        // One input channel for all outputs makes a product like any other: its taps serve every output channel.
        if (shape.groups() > 1 && TapImage.isDepthwise(shape)) {
            new DepthwiseWeightGradient(shape, operands).run(tiles);
        } else if (isWeightProduct(shape)) {
            weightProducts(shape, operands);
        } else {
            byGroups(shape, operands);
        }
    }

    /** Whether the weights of a pointwise convolution are at least as many panels in their own direction as across. */
    private static boolean isWeightProduct(Conv2dShape shape) {
        return shape.groups() == 1
                && shape.isPointwise()
                && ColumnCut.work(shape.outChannels(), shape.inChannels())
                        <= ColumnCut.work(shape.inChannels(), shape.outChannels());
    }

    /** One product per sample, each of its K-blocks added to the weights in order. */
    private void weightProducts(Conv2dShape shape, WeightOperands operands) {
        GemmShape product = GemmShape.nt(shape.outChannels(), shape.inChannels(), shape.positions());
        long row = shape.positions() * BYTES;
        for (int i = 0; i < shape.batch(); i++) {
            GemmRun.Operands sample = new GemmRun.Operands(
                    operands.dy() + (long) i * shape.outChannels() * row,
                    row,
                    operands.x() + (long) i * shape.inChannels() * row,
                    row,
                    operands.dw(),
                    shape.inChannels() * BYTES);
            new GemmRun(tiles, product, sample, true, null).run();
        }
    }

    /** Each group by itself, one sample after the other. */
    private void byGroups(Conv2dShape shape, WeightOperands operands) {
        int groups = shape.groups();
        Conv2dShape group = new Conv2dShape(
                1, shape.groupInChannels(), shape.height(), shape.width(), shape.groupOutChannels(), shape.window());
        WeightGradient gradient = weights.get(group);
        long sampleBytes = gradient.layout.sourceBytes();
        long outputBytes = (long) shape.groupOutChannels() * shape.positions() * BYTES;
        long weightBytes = (long) shape.groupOutChannels() * shape.taps() * BYTES;
        tiles.parallel(groups, part -> {
            for (int sample = 0; sample < shape.batch(); sample++) {
                long plane = (long) sample * groups + part;
                calls.get()
                        .weightGradient
                        .operands(
                                operands.x() + plane * sampleBytes,
                                operands.dy() + plane * outputBytes,
                                operands.dw() + part * weightBytes)
                        .run(gradient);
            }
        });
    }

    @Override
    public void conv2dBackwardBias(Conv2dShape shape, Tensor dy, Tensor db) {
        ConvolutionChecks.output(shape, "dy", dy);
        ConvolutionChecks.bias(shape, shape.outChannels(), db);
        calls.get().bias.run(tiles, shape, VectorMemory.address(dy), VectorMemory.address(db));
    }

    /** A window of one element at every position of large planes: the columns are the sample itself. */
    private static boolean isLargeProduct(Conv2dShape shape) {
        return shape.groups() == 1 && shape.plane() >= LARGE && shape.isPointwise();
    }

    /** One product per sample; the weights are the same. Operands: columns, weights, result. */
    private void samples(Conv2dShape shape, GemmShape product, long[] operands, PlaneEpilogue epilogue) {
        long row = shape.positions() * BYTES;
        boolean plain = epilogue.isEmpty();
        for (int i = 0; i < shape.batch(); i++) {
            GemmRun.Operands sample = new GemmRun.Operands(
                    operands[1],
                    shape.inChannels() * BYTES,
                    operands[0] + (long) i * product.k() * row,
                    row,
                    operands[2] + (long) i * product.m() * row,
                    row);
            new GemmRun(tiles, product, sample, false, plain ? null : tile(epilogue, row)).run();
        }
    }

    private GemmRun.Epilogue tile(PlaneEpilogue epilogue, long rowBytes) {
        return (c, row, column, m, n) -> {
            Scratch scratch = tiles.scratch();
            long mark = scratch.mark();
            long spare = scratch.address(PlaneEpilogue.SPARE_BYTES);
            for (int i = 0; i < m; i++) {
                long y = c + i * rowBytes;
                if (epilogue.hasBias()) {
                    RowCopies.copyPlus(y, epilogue.add(row + i), y, n);
                }
                epilogue.activate(y, n, spare);
            }
            scratch.release(mark);
        };
    }

    private WeightGradient weightGradient(Conv2dShape shape) {
        return new WeightGradient(shape, wholeInputs.get(shape.withBatch(1)));
    }

    private static long addressOrNull(@Nullable Tensor tensor) {
        return tensor == null ? 0 : VectorMemory.address(tensor);
    }
}
