package io.ketju.benchmarks.kernels;

import io.ketju.benchmarks.kernels.KernelCall.Maker;
import io.ketju.benchmarks.peers.WorkSpec;
import io.ketju.tensor.core.TensorCore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** All kernels that Ketju brings to the comparison, by the names that the peers know them by. */
public final class KernelCalls {
    private static final Map<String, Maker> MAKERS = new TreeMap<>();

    static {
        MAKERS.putAll(ProductCalls.MAKERS);
        MAKERS.putAll(ConvolutionCalls.MAKERS);
        MAKERS.putAll(ElementCalls.MAKERS);
        MAKERS.putAll(RowCalls.MAKERS);
    }

    private KernelCalls() {}

    /** Whether Ketju has this kernel. */
    public static boolean has(WorkSpec spec) {
        return MAKERS.containsKey(spec.name());
    }

    /** The names of all. */
    public static List<String> names() {
        return List.copyOf(MAKERS.keySet());
    }

    /** One kernel of a core on fresh operands; nothing if Ketju does not have it. */
    public static Optional<KernelCall> open(WorkSpec spec, TensorCore core) {
        return Optional.ofNullable(MAKERS.get(spec.name())).map(maker -> new KernelCall(maker, core, spec));
    }
}
