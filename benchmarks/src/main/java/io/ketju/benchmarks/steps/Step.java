package io.ketju.benchmarks.steps;

/** A part of a network on fixed memory: forward writes its value, backward the gradients of what it reads and trains. */
interface Step {
    void forward();

    /** Reads the gradient of {@link #y}, which it may destroy; overwrites that of its input, if that has one. */
    void backward();

    /** The result. */
    Value y();

    /** Floating-point operations of the products and convolutions of forward and backward; others do not count. */
    default double flops() {
        return 0;
    }
}
