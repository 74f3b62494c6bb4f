package io.ketju.tensor.kernel.recurrent;

/** The nonlinearity of a plain recurrent cell, as PyTorch's RNN. */
public enum RecurrentActivation {
    /** Hyperbolic tangent. */
    TANH,
    /** Zero for what is at most zero; NaN stays. */
    RELU
}
