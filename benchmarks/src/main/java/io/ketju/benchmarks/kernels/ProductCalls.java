package io.ketju.benchmarks.kernels;

import io.ketju.benchmarks.kernels.KernelCall.Made;
import io.ketju.benchmarks.kernels.KernelCall.Maker;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.matrix.GemmShape;
import io.ketju.tensor.kernel.matrix.GemmShape.Layout;
import java.util.Map;

/** Matrix products: m, n, k. */
final class ProductCalls {
    static final Map<String, Maker> MAKERS =
            Map.of("gemm_nn", product(Layout.NN), "gemm_nt", product(Layout.NT), "gemm_tn", product(Layout.TN));

    private ProductCalls() {}

    private static Maker product(Layout layout) {
        return (core, operands, spec) -> {
            GemmShape shape = new GemmShape(layout, spec.number("m"), spec.number("n"), spec.number("k"));
            int m = shape.m();
            int n = shape.n();
            int k = shape.k();
            Tensor a = layout == Layout.TN ? operands.uniform(1, 1, k, m) : operands.uniform(1, 1, m, k);
            Tensor b = layout == Layout.NT ? operands.uniform(2, 1, n, k) : operands.uniform(2, 1, k, n);
            Tensor c = operands.zeros(m, n);
            return Made.of(() -> core.kernels().matrix().gemm(shape, a, b, c), c);
        };
    }
}
