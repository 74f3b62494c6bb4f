package io.ketju.tensor.kernel.convolution;

/** Addresses of the operands of a weight gradient, as {@link ConvolutionKernels} has them. */
record WeightOperands(long x, long dy, long dw) {}
