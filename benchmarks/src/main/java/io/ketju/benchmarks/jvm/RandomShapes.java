package io.ketju.benchmarks.jvm;

import io.ketju.benchmarks.peers.WorkSpec;
import java.util.Random;

/** Sizes for a kernel at random: whole and broken vectors, one tile and many, but never much work. */
final class RandomShapes {
    private static final int[] LENGTHS = {1, 3, 15, 16, 17, 33, 100, 1000, 1024, 16_384, 100_000};
    private static final int[] SIDES = {1, 2, 5, 8, 13, 16, 31, 32, 33, 64, 100, 128, 200};
    private static final int[] CHANNELS = {1, 3, 6, 16, 17, 32, 64};

    private RandomShapes() {}

    /** A shape for a kernel by its name. */
    static WorkSpec of(String name, Random random) {
        WorkSpec spec = WorkSpec.of(name);
        if (name.startsWith("gemm")) {
            return spec.with("m", one(SIDES, random))
                    .with("n", one(SIDES, random))
                    .with("k", one(SIDES, random));
        }
        if (name.contains("conv_")) {
            int kernel = 1 + 2 * random.nextInt(3);
            int channels = one(CHANNELS, random);
            boolean depthwise = name.startsWith("depthwise");
            return spec.with("batch", 1 + random.nextInt(4))
                    .with("channels", channels)
                    .with("height", kernel + random.nextInt(12))
                    .with("out", depthwise ? channels : one(CHANNELS, random))
                    .with("kernel", kernel)
                    .with("stride", 1 + random.nextInt(2))
                    .with("padding", random.nextInt(kernel / 2 + 1))
                    .with("groups", depthwise ? channels : 1);
        }
        if (name.startsWith("softmax") || name.startsWith("cross_entropy") || name.startsWith("layer_norm")) {
            return spec.with("rows", one(SIDES, random)).with("columns", 1 + one(SIDES, random));
        }
        if (name.equals("attention")) {
            return spec.with("batch", 1 + random.nextInt(2))
                    .with("heads", 1 + random.nextInt(3))
                    .with("length", one(SIDES, random))
                    .with("width", one(CHANNELS, random))
                    .with("causal", random.nextInt(2));
        }
        return spec.with("n", name.equals("triad") ? 16 * one(SIDES, random) : one(LENGTHS, random));
    }

    private static int one(int[] sizes, Random random) {
        return sizes[random.nextInt(sizes.length)];
    }
}
