package io.ketju.benchmarks.kernels;

import io.ketju.benchmarks.peers.WorkSpec;
import java.util.ArrayList;
import java.util.List;

/** Kernels whose work is about their number of elements: once in cache, once out of it; and attention. */
final class ElementCases {
    static final String OUT_OF_CACHE = "out of cache";
    private static final String IN_CACHE = "in cache";
    private static final int SMALL = 16 << 10;
    private static final int LARGE = 16 << 20;
    private static final int COLUMNS = 1024;
    private static final int CLASSES = 10;

    /** A kernel over n elements, or rows and columns, and the arrays of float32 that it moves. */
    private record Kernel(String name, boolean rows, int arrays) {
        KernelCase in(String group, int elements, int columns) {
            WorkSpec spec = rows
                    ? WorkSpec.of(name).with("rows", elements / columns).with("columns", columns)
                    : WorkSpec.of(name).with("n", elements);
            return KernelCase.elements(group, spec, elements, group.equals(OUT_OF_CACHE) ? 4.0 * arrays * elements : 0);
        }
    }

    /**
     * The arrays count as memory sees them: an array that is written but not read before is read too, for it comes into
     * the cache first. So a triad moves 4, an update in place no more than it reads and writes.
     */
    private static final List<Kernel> KERNELS = List.of(
            new Kernel("relu", false, 3),
            new Kernel("relu_backward", false, 4),
            new Kernel("tanh", false, 3),
            new Kernel("tanh_backward", false, 4),
            new Kernel("sigmoid", false, 3),
            new Kernel("gelu", false, 3),
            new Kernel("gelu_backward", false, 4),
            new Kernel("gelu_tanh", false, 3),
            new Kernel("silu", false, 3),
            new Kernel("exp", false, 3),
            new Kernel("softmax", true, 3),
            new Kernel("layer_norm", true, 3),
            new Kernel("layer_norm_backward", true, 4),
            new Kernel("cross_entropy", true, 3),
            new Kernel("adam", false, 7),
            new Kernel("sgd", false, 5));

    private ElementCases() {}

    /** The measure of memory: not compared, but compared with. */
    static KernelCase triad() {
        return new Kernel("triad", false, 4).in(OUT_OF_CACHE, LARGE, COLUMNS);
    }

    static List<KernelCase> cases() {
        List<KernelCase> cases = new ArrayList<>();
        for (Kernel kernel : KERNELS) {
            cases.add(kernel.in(IN_CACHE, SMALL, COLUMNS));
        }
        cases.add(new Kernel("cross_entropy", true, 3).in(IN_CACHE, SMALL, CLASSES));
        for (Kernel kernel : KERNELS) {
            cases.add(kernel.in(OUT_OF_CACHE, LARGE, COLUMNS));
        }
        return cases;
    }

    /** Forward and backward in one call; twelve heads of 64, as in small GPTs, with and without the causal mask. */
    static List<KernelCase> attention() {
        int heads = 12;
        int width = 64;
        List<KernelCase> cases = new ArrayList<>();
        for (int causal = 0; causal <= 1; causal++) {
            for (int length : new int[] {128, 512, 2048}) {
                WorkSpec spec = WorkSpec.of("attention")
                        .with("batch", 1)
                        .with("heads", heads)
                        .with("length", length)
                        .with("width", width)
                        .with("causal", causal);
                // Two products forward, five backward, half of each under the mask.
                double flops = 7 * 2.0 * heads * length * length * width / (causal + 1);
                String title = "T = " + length + (causal == 1 ? ", causal" : "");
                cases.add(KernelCase.flops("attention, forward and backward", title, spec, flops));
            }
        }
        return cases;
    }
}
