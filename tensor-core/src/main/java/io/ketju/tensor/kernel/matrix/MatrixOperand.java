package io.ketju.tensor.kernel.matrix;

/** What a product multiplies: a matrix as it lies, one that is derived while it is read, or one packed before. */
public sealed interface MatrixOperand permits MatrixView, ActivationGradient, PackedMatrix {}
