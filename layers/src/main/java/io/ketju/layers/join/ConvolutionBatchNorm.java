package io.ketju.layers.join;

import io.ketju.layers.Commit;
import io.ketju.layers.Footprint;
import io.ketju.layers.FullBackward;
import io.ketju.layers.Layer;
import io.ketju.layers.Pass;
import io.ketju.layers.Port;
import io.ketju.layers.activation.Activations;
import io.ketju.layers.convolution.Conv2d;
import io.ketju.layers.model.Node;
import io.ketju.layers.normalization.BatchNormRun;
import io.ketju.layers.normalization.BatchNormalization;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.convolution.ConvolutionEpilogue;
import io.ketju.tensor.kernel.normalization.BatchNorm.Epilogue;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.BatchNormOperands;
import java.util.List;
import java.util.Optional;

/**
 * A convolution, which takes the statistics of its sums in passing, the batch normalization of them, and ReLU in the same
 * call. A normalization that no ReLU follows stays alone: there the gradient between both would take more memory than
 * the layers one by one. So does a convolution that needs room for a padded copy.
 */
record ConvolutionBatchNorm(Conv2d convolution, BatchNormalization norm) implements JoinedLayer, FullBackward {
    static Optional<JoinedLayer> of(List<Node> nodes) {
        return nodes.size() >= 3
                        && nodes.get(0).layer() instanceof Conv2d convolution
                        && !convolution.copies()
                        && nodes.get(1).layer() instanceof BatchNormalization norm
                        && nodes.get(2).layer().equals(Activations.relu())
                ? Optional.of(new ConvolutionBatchNorm(convolution, norm))
                : Optional.empty();
    }

    @Override
    public List<Layer> parts() {
        return List.of(convolution, norm, Activations.relu());
    }

    /** The sums are kept for the normalization's backward; their gradient lies in the workspace. */
    @Override
    public Footprint footprint(List<TensorType> inputs) {
        TensorType sums = convolution.output(inputs.getFirst());
        return run().withStatistics(Footprint.NOTHING)
                .weightGradientReading(Port.input(0))
                .keeping(sums)
                .workingIn(sums);
    }

    @Override
    public void forward(Pass pass) {
        BatchNormRun run = run();
        Tensor sums = sums(pass);
        if (pass.training()) {
            norm.requireTrainable(List.of(TensorType.of(sums)));
        }
        convolution.forward(
                pass,
                run.runs(pass) ? ConvolutionEpilogue.NONE : ConvolutionEpilogue.NONE.with(run.statistics(pass)),
                sums);
        run.normalize(pass, sums, null, pass.output(0));
    }

    @Override
    public void backwardInput(Pass pass) {
        throughNorm(pass, false);
        convolution.backwardInput(pass, pass.workspace(0));
    }

    @Override
    public void backwardWeight(Pass pass) {
        throughNorm(pass, true);
        convolution.backwardWeight(pass, pass.workspace(0));
    }

    /** The gradient of the sums takes the place of the output's, which nobody reads any more. */
    @Override
    public void backward(Pass pass) {
        Tensor gradient = pass.gradOutput(0);
        run().backward(pass, new BatchNormOperands(sums(pass), gradient), gradient, true);
        convolution.backwardInput(pass, gradient);
        convolution.backwardWeight(pass, gradient);
    }

    /** The gradient of the sums, once and where the convolution needs it; and those of the normalization's weights. */
    private void throughNorm(Pass pass, boolean ofWeights) {
        Tensor ofSums = pass.firstBackward() && convolutionLearns(pass) ? pass.workspace(0) : null;
        boolean weights = ofWeights && run().learns(pass);
        if (ofSums != null || weights) {
            run().backward(pass, new BatchNormOperands(sums(pass), pass.gradOutput(0)), ofSums, weights);
        }
    }

    private boolean convolutionLearns(Pass pass) {
        boolean learns = pass.wantsGradient(0);
        for (int i = 0; i < parametersOfConvolution(); i++) {
            learns |= pass.wantsWeightGradient(i);
        }
        return learns;
    }

    @Override
    public void commit(Commit commit) {
        run().commit(commit, convolution::output);
    }

    /** Behind the statistics, where those are kept, too. */
    private Tensor sums(Pass pass) {
        return pass.kept(norm.trackRunningStats() ? 0 : 2);
    }

    private BatchNormRun run() {
        return new BatchNormRun(norm, parametersOfConvolution(), Epilogue.RELU);
    }

    /** Asked in every pass: the parameters themselves, with their names and initial values, need not be made for it. */
    private int parametersOfConvolution() {
        return convolution.bias() ? 2 : 1;
    }
}
