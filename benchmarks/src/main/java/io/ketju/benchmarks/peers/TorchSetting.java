package io.ketju.benchmarks.peers;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One way to run PyTorch.
 *
 * @param name as tables call it
 * @param python the interpreter
 * @param preload libraries to load before all others
 * @param tuned whether work may be arranged as PyTorch's guides advise: channels last, fused optimizers
 */
public record TorchSetting(String name, String python, List<Path> preload, boolean tuned) {
    public TorchSetting {
        preload = List.copyOf(preload);
    }

    /** OpenBLAS has threads of its own, which PyTorch's setting does not reach. */
    Map<String, String> environment(int threads) {
        Map<String, String> environment = new HashMap<>();
        environment.put("OPENBLAS_NUM_THREADS", Integer.toString(threads));
        if (!preload.isEmpty()) {
            environment.put("LD_PRELOAD", preload.stream().map(Path::toString).collect(Collectors.joining(":")));
        }
        return environment;
    }

    List<String> command(Path script) {
        // -B: nothing is written beside the script.
        return tuned ? List.of(python, "-B", script.toString(), "--tuned") : List.of(python, "-B", script.toString());
    }
}
