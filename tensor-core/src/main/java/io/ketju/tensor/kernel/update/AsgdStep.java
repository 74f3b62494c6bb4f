package io.ketju.tensor.kernel.update;

/**
 * torch.optim.ASGD. Its eta and mu follow from the step:
 * {@code eta = learningRate / (1 + lambd learningRate (step - 1))^alpha},
 * {@code mu = 1 / max(1, step - 1 - t0)}. (PyTorch keeps eta from the step before, and so its learning
 * rate, when that changes.)
 *
 * @param learningRate eta of the first step
 * @param lambd decay of the weights, and of eta
 * @param alpha power of eta's divisor
 * @param t0 steps after which averaging starts
 * @param weightDecay what multiplies w where it is added to the gradient
 * @param step number of this step, from 1
 * @param maximize whether the gradient is followed upwards
 */
public record AsgdStep(
        double learningRate, double lambd, double alpha, double t0, double weightDecay, long step, boolean maximize) {}
