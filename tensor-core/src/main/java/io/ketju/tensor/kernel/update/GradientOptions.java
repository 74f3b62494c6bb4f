package io.ketju.tensor.kernel.update;

/**
 * How Adam and its relatives treat the gradient.
 *
 * @param weightDecay what multiplies w where it is added to the gradient, or taken from w
 * @param decoupledWeightDecay whether w shrinks by the learning rate times the weight decay, and the gradient stays
 * @param maximize whether the gradient is followed upwards
 */
public record GradientOptions(double weightDecay, boolean decoupledWeightDecay, boolean maximize) {
    /** The gradient as it is: no weight decay, minimizing. */
    public static final GradientOptions NONE = new GradientOptions(0, false, false);

    /** The weight decay that is added to the gradient. */
    double added() {
        return decoupledWeightDecay ? 0 : weightDecay;
    }
}
