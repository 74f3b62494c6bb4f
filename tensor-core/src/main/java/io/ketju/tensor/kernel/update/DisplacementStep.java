package io.ketju.tensor.kernel.update;

/**
 * SGD whose momentum keeps the displacement, {@code w(t + 1) = w(t) - learningRate g + momentum (w(t) - w(t - 1))}: where
 * the rate changes, the way that was gone stays as long as it was, while PyTorch's buffer of gradients is scaled anew.
 *
 * @param learningRate what multiplies the gradient
 * @param momentum share of the last displacement that is gone again
 * @param weightDecay what multiplies w where it is added to the gradient
 * @param maximize whether the gradient is followed upwards
 */
public record DisplacementStep(double learningRate, double momentum, double weightDecay, boolean maximize) {}
