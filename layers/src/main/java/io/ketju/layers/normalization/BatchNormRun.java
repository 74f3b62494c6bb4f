package io.ketju.layers.normalization;

import io.ketju.layers.Commit;
import io.ketju.layers.Footprint;
import io.ketju.layers.Pass;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.normalization.BatchNorm;
import io.ketju.tensor.kernel.normalization.BatchNorm.Epilogue;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.Affine;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.BatchNormOperands;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.BatchPart;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.ChannelStatistics;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.Gradients;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The computations of a batch normalization, alone or as a part of a joined layer. Mean and variance of the micro-batch are the first two
 * tensors that the layer leaves until the step, or keeps where nothing runs along.
 *
 * @param layer the normalization
 * @param firstParameter position of the normalization's first parameter in the layer that runs
 * @param epilogue what the same kernel call does to the result
 */
public record BatchNormRun(BatchNormalization layer, int firstParameter, Epilogue epilogue) {
    private static final int WEIGHT = 0;
    private static final int BIAS = 1;
    private static final int MEAN = 0;
    private static final int VARIANCE = 1;

    /** Alone. */
    BatchNormRun(BatchNormalization layer) {
        this(layer, 0, Epilogue.NONE);
    }

    /**
     * Whether this pass normalizes by running statistics.
     *
     * @param pass of the layer that runs
     * @return true in an evaluation of a layer that has them
     */
    public boolean runs(Pass pass) {
        return !pass.training() && layer.trackRunningStats();
    }

    /**
     * Overwrites the output.
     *
     * @param pass of the layer that runs
     * @param input [samples, channels, ...]
     * @param residual added where the epilogue says so, otherwise null
     * @param output of the input's shape
     * @throws IllegalArgumentException for a micro-batch of one value per channel in training
     */
    public void forward(Pass pass, Tensor input, @Nullable Tensor residual, Tensor output) {
        if (pass.training()) {
            layer.requireTrainable(List.of(TensorType.of(input)));
        }
        if (runs(pass)) {
            normalize(pass, input, residual, output);
        } else {
            pass.kernels()
                    .normalization()
                    .batchNormForward(norm(input.shape()), affine(pass), input, residual, statistics(pass), output);
        }
    }

    /**
     * {@link #forward} where the statistics are there already: running ones, or those of the micro-batch.
     *
     * @param pass of the layer that runs
     * @param input [samples, channels, ...]
     * @param residual added where the epilogue says so, otherwise null
     * @param output of the input's shape, overwritten
     */
    public void normalize(Pass pass, Tensor input, @Nullable Tensor residual, Tensor output) {
        int mean = firstParameter + runningMean();
        ChannelStatistics given =
                runs(pass) ? new ChannelStatistics(pass.parameter(mean), pass.parameter(mean + 1)) : statistics(pass);
        pass.kernels()
                .normalization()
                .batchNormNormalize(norm(input.shape()), affine(pass), input, residual, given, output);
    }

    /**
     * Where mean and variance of the micro-batch are.
     *
     * @param pass of the layer that runs
     * @return two tensors [channels]
     */
    public ChannelStatistics statistics(Pass pass) {
        return layer.trackRunningStats()
                ? new ChannelStatistics(pass.untilStep(MEAN), pass.untilStep(VARIANCE))
                : new ChannelStatistics(pass.kept(MEAN), pass.kept(VARIANCE));
    }

    /**
     * A footprint with mean and variance.
     *
     * @param footprint that keeps nothing yet, neither for backward nor until the step
     * @return another footprint
     */
    public Footprint withStatistics(Footprint footprint) {
        TensorType perChannel = TensorType.floats(layer.numFeatures());
        return layer.trackRunningStats()
                ? footprint.keepingUntilStep(perChannel, perChannel)
                : footprint.keeping(perChannel, perChannel);
    }

    /**
     * Whether a weight or a bias learns.
     *
     * @param pass of the layer that runs
     * @return false too if there is neither
     */
    public boolean learns(Pass pass) {
        return learns(pass, WEIGHT) || learns(pass, BIAS);
    }

    /**
     * The gradients that are wanted.
     *
     * @param pass of the layer that runs
     * @param operands the normalization's input and the gradient of its output
     * @param gradInput overwritten, unless null
     * @param ofWeights whether those of weight and bias are added to, where they learn
     */
    public void backward(Pass pass, BatchNormOperands operands, @Nullable Tensor gradInput, boolean ofWeights) {
        Gradients gradients = new Gradients(
                gradInput,
                ofWeights && learns(pass, WEIGHT) ? pass.gradient(firstParameter + WEIGHT) : null,
                ofWeights && learns(pass, BIAS) ? pass.gradient(firstParameter + BIAS) : null);
        pass.kernels()
                .normalization()
                .batchNormBackward(norm(operands.x().shape()), affine(pass), statistics(pass), operands, gradients);
    }

    /**
     * Moves the running statistics once, by those of all micro-batches together; does nothing where there are none.
     *
     * @param commit of the layer that runs
     * @param ofInputs the type of the normalization's input for one of the layer's first input
     */
    public void commit(Commit commit, UnaryOperator<TensorType> ofInputs) {
        if (!layer.trackRunningStats()) {
            return;
        }
        List<BatchPart> parts = new ArrayList<>();
        for (int m = 0; m < commit.microbatches(); m++) {
            BatchNorm norm = norm(ofInputs.apply(commit.inputs(m).getFirst()).shape());
            parts.add(new BatchPart(norm, new ChannelStatistics(commit.left(m, MEAN), commit.left(m, VARIANCE))));
        }
        int mean = firstParameter + runningMean();
        ChannelStatistics running = new ChannelStatistics(commit.parameter(mean), commit.parameter(mean + 1));
        commit.kernels().normalization().batchNormCommit(momentum(commit, mean + 2), parts, running);
    }

    /** Where mini-batches are counted, this one too: float32 holds their number up to 2^24. */
    private double momentum(Commit commit, int count) {
        if (!layer.counts()) {
            return layer.momentum().orElseThrow();
        }
        Tensor counted = commit.parameter(count);
        counted.setFloat(0, counted.getFloat(0) + 1);
        return 1 / (double) counted.getFloat(0);
    }

    private boolean learns(Pass pass, int parameter) {
        return layer.affine() && pass.wantsWeightGradient(firstParameter + parameter);
    }

    /** Position of the running mean among the normalization's parameters; running variance and count follow. */
    private int runningMean() {
        return layer.affine() ? 2 : 0;
    }

    private Affine affine(Pass pass) {
        return layer.affine()
                ? new Affine(pass.parameter(firstParameter + WEIGHT), pass.parameter(firstParameter + BIAS))
                : Affine.NONE;
    }

    private BatchNorm norm(Shape shape) {
        int samples = shape.dimension(0);
        int spatial = shape.sample().elements() / layer.numFeatures();
        return new BatchNorm(samples, layer.numFeatures(), spatial, layer.eps(), epilogue);
    }
}
