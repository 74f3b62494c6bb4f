package io.ketju.tensor.kernel;

/** Plain loops on the calling thread: the reference for every other implementation, and the fallback without SIMD. */
public final class ScalarKernels extends DelegatingKernels {
    public ScalarKernels() {
        super(new Families(
                new ScalarMatrix(),
                new ScalarConvolution(),
                new ScalarPooling(),
                new ScalarActivations(),
                new ScalarLoss(),
                new ScalarUpdates()));
    }
}
