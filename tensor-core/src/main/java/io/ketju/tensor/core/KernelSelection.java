package io.ketju.tensor.core;

import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.simd.TileRunner;
import io.ketju.tensor.simd.VectorWidth;

/**
 * Which kernels this JVM computes with.
 *
 * @param kernels the kernels
 * @param reason which, and why these
 */
record KernelSelection(Kernels kernels, String reason) {
    private static final String VECTOR_MODULE = "jdk.incubator.vector";

    static KernelSelection choose(TensorCoreOptions.KernelChoice choice, TileRunner tiles) {
        String obstacle = obstacle();
        return switch (choice) {
            case SCALAR -> new KernelSelection(Kernels.scalar(), "scalar kernels: asked for");
            case VECTOR -> {
                if (!obstacle.isEmpty()) {
                    throw new IllegalStateException("no vector kernels: " + obstacle);
                }
                yield vector(tiles);
            }
            case BEST -> {
                if (obstacle.isEmpty()) {
                    yield vector(tiles);
                }
                ScalarFallback.announce(obstacle);
                yield new KernelSelection(Kernels.scalar(), "scalar kernels: " + obstacle);
            }
        };
    }

    private static KernelSelection vector(TileRunner tiles) {
        return new KernelSelection(Kernels.vector(tiles), "vector kernels, " + VectorWidth.BITS + " bits");
    }

    /** Why vector kernels cannot run here; empty if they can. Looked up by name: touching the class would fail. */
    private static String obstacle() {
        Module here = KernelSelection.class.getModule();
        boolean readable = ModuleLayer.boot()
                .findModule(VECTOR_MODULE)
                .filter(here::canRead)
                .isPresent();
        return readable ? "" : VECTOR_MODULE + " is not readable; add --add-modules " + VECTOR_MODULE;
    }
}
