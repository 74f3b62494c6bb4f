package io.ketju.tensor.kernel.loss;

import io.ketju.tensor.Tensor;

/** What a loss over classes reads (x, targets) and writes (losses, dx). */
record ClassOperands(Tensor x, Tensor targets, Tensor losses, Tensor dx) {}
