package io.ketju.benchmarks.jvm;

import io.ketju.benchmarks.kernels.KernelCalls;
import io.ketju.benchmarks.peers.WorkSpec;
import java.util.List;

/** One shape of each kernel, of a size that training has and that is worth an own measurement. */
final class UsualShapes {
    private UsualShapes() {}

    static List<WorkSpec> all() {
        return KernelCalls.names().stream()
                .filter(name -> !name.equals("triad"))
                .map(UsualShapes::of)
                .toList();
    }

    private static WorkSpec of(String name) {
        WorkSpec spec = WorkSpec.of(name);
        if (name.startsWith("gemm")) {
            return spec.with("m", 128).with("n", 512).with("k", 784);
        }
        if (name.contains("conv_")) {
            return spec.with("batch", 8)
                    .with("channels", 64)
                    .with("height", 28)
                    .with("out", 64)
                    .with("kernel", 3)
                    .with("stride", 1)
                    .with("padding", 1)
                    .with("groups", name.startsWith("depthwise") ? 64 : 1);
        }
        if (name.startsWith("softmax") || name.startsWith("cross_entropy") || name.startsWith("layer_norm")) {
            return spec.with("rows", 64).with("columns", 1024);
        }
        if (name.equals("attention")) {
            return spec.with("batch", 1)
                    .with("heads", 12)
                    .with("length", 256)
                    .with("width", 64)
                    .with("causal", 1);
        }
        return spec.with("n", 64 << 10);
    }
}
