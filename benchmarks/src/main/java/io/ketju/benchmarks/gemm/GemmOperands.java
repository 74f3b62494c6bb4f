package io.ketju.benchmarks.gemm;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.GemmShape;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.memory.TensorArena;
import java.util.Random;

/**
 * The matrices of one product, a [m,k] and b [k,n] uniform within ±1, and a place for c [m,n] from each contestant.
 * Owns their memory.
 */
public final class GemmOperands implements AutoCloseable {
    private final TensorArena arena;
    private final GemmShape shape;
    private final Tensor a;
    private final Tensor b;
    private final Tensor c;
    private final Tensor peer;

    /** Matrices filled from a seed. */
    public GemmOperands(GemmShape shape, long seed) {
        this.shape = shape;
        Shape ofA = Shape.of(shape.m(), shape.k());
        Shape ofB = Shape.of(shape.k(), shape.n());
        Shape ofC = Shape.of(shape.m(), shape.n());
        arena = new TensorArena(TensorArena.bytesFor(ofA) + TensorArena.bytesFor(ofB) + 2 * TensorArena.bytesFor(ofC));
        Random random = new Random(seed);
        a = uniform(arena.allocate(ofA), random);
        b = uniform(arena.allocate(ofB), random);
        c = arena.allocate(ofC);
        peer = arena.allocate(ofC);
    }

    /** Overwrites a tensor with numbers within ±1. */
    public static Tensor uniform(Tensor tensor, Random random) {
        for (int i = 0; i < tensor.elements(); i++) {
            tensor.setFloat(i, random.nextFloat() * 2 - 1);
        }
        return tensor;
    }

    /** Floating-point operations of one product. */
    public double flops() {
        return 2.0 * shape.m() * shape.n() * shape.k();
    }

    /** One product by Ketju's kernels. */
    public void multiply(Kernels kernels) {
        kernels.gemm(shape, a, b, c);
    }

    /** One product by OpenBLAS. */
    public void multiply(OpenBlas blas) {
        blas.sgemm(shape, a.segment(), b.segment(), peer.segment());
    }

    /** Throws unless both products were made and agree within what rounding allows. */
    public void requireAgreement() {
        // Each of k products is at most 1; a sum in another order differs by at most k roundings of a partial sum.
        double tolerance = 1e-6 * shape.k();
        for (int i = 0; i < c.elements(); i++) {
            double difference = Math.abs(c.getFloat(i) - peer.getFloat(i));
            if (!(difference <= tolerance)) {
                throw new IllegalStateException(shape + ": element " + i + " is " + c.getFloat(i) + " here and "
                        + peer.getFloat(i) + " from OpenBLAS");
            }
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
