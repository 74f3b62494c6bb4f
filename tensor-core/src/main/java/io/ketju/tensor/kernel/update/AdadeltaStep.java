package io.ketju.tensor.kernel.update;

/**
 * torch.optim.Adadelta.
 *
 * @param learningRate what multiplies the direction
 * @param rho decay of both means of squares
 * @param epsilon added to them before their roots
 * @param weightDecay what multiplies w where it is added to the gradient
 * @param maximize whether the gradient is followed upwards
 */
public record AdadeltaStep(double learningRate, double rho, double epsilon, double weightDecay, boolean maximize) {}
