package io.ketju.tensor.kernel;

/** SIMD kernels that run their tiles on a worker pool. Needs the module jdk.incubator.vector. */
public final class VectorKernels extends DelegatingKernels {
    /** The kernels whose tiles run on the given pool, which must be open as long as they are used. */
    public VectorKernels(TileRunner tiles) {
        super(families(tiles));
    }

    private static Families families(TileRunner tiles) {
        return new Families(
                new VectorMatrix(tiles),
                new VectorConvolution(tiles),
                new VectorPooling(tiles),
                new VectorActivations(tiles),
                new VectorLoss(tiles),
                new VectorUpdates(tiles));
    }

    /** Bits of the registers in use. */
    public static int bits() {
        return VectorWidth.BITS;
    }
}
