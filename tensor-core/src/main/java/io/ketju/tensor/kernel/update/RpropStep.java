package io.ketju.tensor.kernel.update;

/**
 * torch.optim.Rprop: the factors of the step sizes, and their bounds.
 *
 * @param etaMinus factor where the gradient has changed its sign
 * @param etaPlus factor where it has kept it
 * @param smallestStep least size of a step
 * @param largestStep greatest size of a step
 * @param maximize whether the gradient is followed upwards
 */
public record RpropStep(double etaMinus, double etaPlus, double smallestStep, double largestStep, boolean maximize) {}
