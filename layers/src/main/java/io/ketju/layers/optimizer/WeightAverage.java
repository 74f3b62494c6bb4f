package io.ketju.layers.optimizer;

import io.ketju.layers.spec.Spec;

/**
 * An average of the weights after many steps, kept beside them, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.optim.swa_utils.AveragedModel.html">torch.optim.swa_utils.AveragedModel</a>
 * does: training goes by the weights, evaluation, prediction and saved weights by the average. Immutable, and a function
 * of the step alone, so that a resumed run needs nothing but the averages themselves.
 */
public sealed interface WeightAverage permits EMA, SWA {
    /** {@return the average as text that {@link WeightAverages#parse} reads back: {@code EMA(decay=0.99)}} */
    Spec spec();

    /**
     * {@return whether buffers, such as the running statistics of a batch normalization, are averaged too; otherwise those of the training
     * model stand beside the averaged weights, as in PyTorch}
     */
    boolean useBuffers();

    /** {@return whether it matters how many steps a data epoch has} */
    boolean countsEpochs();

    /**
     * {@return what the weights after a step make of the average, {@code average = average + share · (weight - average)}: 1 before there is
     * anything to average, so that the average is the weights themselves until then; 0 in steps that do not count}
     *
     * @param step counts from 1
     * @param stepsPerEpoch optimizer steps of a data epoch
     */
    double share(long step, long stepsPerEpoch);
}
