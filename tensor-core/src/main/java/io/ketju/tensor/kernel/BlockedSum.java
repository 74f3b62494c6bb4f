package io.ketju.tensor.kernel;

/**
 * The sum of products as every matrix product and convolution defines it: chains of {@link MatrixKernels#K_BLOCK} fused
 * multiply-adds from zero, each chain added to the total in order. The scalar kernels are written with it; the vector
 * kernels are tested against them.
 */
final class BlockedSum {
    private float total;
    private float chain;
    private int length;
    private boolean empty;

    /** Starts a sum that overwrites its result. */
    BlockedSum start() {
        total = 0;
        empty = true;
        chain = 0;
        length = 0;
        return this;
    }

    /** Starts a sum that is added to a value. */
    BlockedSum startAt(float value) {
        start();
        total = value;
        empty = false;
        return this;
    }

    void add(float a, float b) {
        chain = Math.fma(a, b, chain);
        if (++length == MatrixKernels.K_BLOCK) {
            endChain();
        }
    }

    /** Ends the chain before its full length, as the end of the products does. */
    void endChain() {
        if (length > 0) {
            // The first chain replaces the zero rather than being added to it: 0 + -0 would lose the sign.
            total = empty ? chain : total + chain;
            empty = false;
            chain = 0;
            length = 0;
        }
    }

    float result() {
        endChain();
        return total;
    }
}
