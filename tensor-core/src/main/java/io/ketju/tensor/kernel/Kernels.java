package io.ketju.tensor.kernel;

/**
 * All kernels of one implementation (scalar or vector) on one {@code TensorCore}. Inputs and outputs never overlap
 * unless a method says so. Each method says whether it overwrites or adds.
 */
public interface Kernels
        extends MatrixKernels, ConvolutionKernels, PoolingKernels, ActivationKernels, LossKernels, UpdateKernels {}
