package io.ketju.tensor.kernel.update;

/**
 * torch.optim.SGD.
 *
 * @param learningRate what multiplies the direction
 * @param momentum decay of the momentum buffer
 * @param dampening share of the gradient that the buffer does not take
 * @param weightDecay what multiplies w where it is added to the gradient
 * @param nesterov whether the direction looks one step ahead; without effect where there is no buffer
 * @param first whether the momentum buffer is not yet filled
 * @param maximize whether the gradient is followed upwards
 */
public record SgdStep(
        double learningRate,
        double momentum,
        double dampening,
        double weightDecay,
        boolean nesterov,
        boolean first,
        boolean maximize) {
    /**
     * That minimizes.
     *
     * @param learningRate what multiplies the direction
     * @param momentum decay of the momentum buffer
     * @param dampening share of the gradient that the buffer does not take
     * @param weightDecay what multiplies w where it is added to the gradient
     * @param nesterov whether the direction looks one step ahead
     * @param first whether the momentum buffer is not yet filled
     */
    public SgdStep(
            double learningRate,
            double momentum,
            double dampening,
            double weightDecay,
            boolean nesterov,
            boolean first) {
        this(learningRate, momentum, dampening, weightDecay, nesterov, first, false);
    }
}
