package io.ketju.benchmarks.gemm;

import io.ketju.benchmarks.measure.Fingerprint;
import io.ketju.benchmarks.measure.Uniform;
import io.ketju.benchmarks.peers.WorkSpec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.matrix.GemmShape;
import io.ketju.tensor.kernel.matrix.GemmShape.Layout;
import io.ketju.tensor.memory.TensorArena;
import java.util.List;
import java.util.Random;

/** The matrices of one product, within ±1, and a place for c [m,n] from each side. Owns their memory. */
public final class GemmOperands implements AutoCloseable {
    private final TensorArena arena;
    private final GemmShape shape;
    private final Tensor a;
    private final Tensor b;
    private final Tensor c;
    private final Tensor peer;

    /** Matrices filled from a seed: a from it, b from the next. */
    public GemmOperands(GemmShape shape, int seed) {
        this.shape = shape;
        boolean tn = shape.layout() == Layout.TN;
        boolean nt = shape.layout() == Layout.NT;
        Shape ofA = tn ? Shape.of(shape.k(), shape.m()) : Shape.of(shape.m(), shape.k());
        Shape ofB = nt ? Shape.of(shape.n(), shape.k()) : Shape.of(shape.k(), shape.n());
        Shape ofC = Shape.of(shape.m(), shape.n());
        arena = new TensorArena(TensorArena.bytesFor(ofA) + TensorArena.bytesFor(ofB) + 2 * TensorArena.bytesFor(ofC));
        a = Uniform.fill(arena.allocate(ofA), seed, 1);
        b = Uniform.fill(arena.allocate(ofB), seed + 1, 1);
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

    /** The same product with the same numbers, for a peer in another process. */
    public static WorkSpec spec(GemmShape shape) {
        return WorkSpec.of("gemm_" + shape.layout().name().toLowerCase(java.util.Locale.ROOT))
                .with("m", shape.m())
                .with("n", shape.n())
                .with("k", shape.k());
    }

    /** One product by Ketju's kernels. */
    public void multiply(Kernels kernels) {
        kernels.matrix().gemm(shape, a, b, c);
    }

    /** One product by a native library. */
    public void multiply(Blas blas) {
        blas.sgemm(shape, a.segment(), b.segment(), peer.segment());
    }

    /** What Ketju's product came to. */
    public Fingerprint result() {
        return Fingerprint.of(List.of(c));
    }

    /** Multiplies once more by a native library; throws unless both agree within what rounding allows. */
    public void requireAgreement(Blas blas) {
        peer.clear();
        multiply(blas);
        // Each of k products is at most 1; a sum in another order differs by at most k roundings of a partial sum.
        double tolerance = 1e-6 * shape.k();
        for (int i = 0; i < c.elements(); i++) {
            double difference = Math.abs(c.getFloat(i) - peer.getFloat(i));
            if (!(difference <= tolerance)) {
                throw new IllegalStateException(shape + ": element " + i + " is " + c.getFloat(i) + " here and "
                        + peer.getFloat(i) + " from " + blas.name());
            }
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
