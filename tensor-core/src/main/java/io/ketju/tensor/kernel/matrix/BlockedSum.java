package io.ketju.tensor.kernel.matrix;

/**
 * The sum of products as every matrix product and convolution defines it: chains of {@link MatrixKernels#K_BLOCK} fused
 * multiply-adds from zero, each chain added in order to a total that starts at +0 or at a given value. The scalar kernels are
 * written with it; the vector kernels are tested against them. An object serves one sum after the other.
 */
public final class BlockedSum {
    private float total;
    private float chain;
    private int length;

    /** A sum from +0. */
    public BlockedSum() {}

    /** {@return this object at the start of a sum that overwrites its result: from +0} */
    public BlockedSum start() {
        total = 0;
        chain = 0;
        length = 0;
        return this;
    }

    /**
     * {@return this object at the start of a sum that is added to a value}
     *
     * @param value what the chains are added to
     */
    public BlockedSum startAt(float value) {
        start();
        total = value;
        return this;
    }

    /**
     * Adds a product: one fused multiply-add.
     *
     * @param a the first factor
     * @param b the second factor
     */
    public void add(float a, float b) {
        chain = Math.fma(a, b, chain);
        if (++length == MatrixKernels.K_BLOCK) {
            endChain();
        }
    }

    /** Ends the chain before its full length, as the end of the products does. */
    public void endChain() {
        if (length > 0) {
            total += chain;
            chain = 0;
            length = 0;
        }
    }

    /** {@return the sum, the last chain ended; more products then start a new chain} */
    public float result() {
        endChain();
        return total;
    }
}
