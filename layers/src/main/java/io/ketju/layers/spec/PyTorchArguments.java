package io.ketju.layers.spec;

import java.util.Map;
import java.util.Optional;

/** Arguments that things have in PyTorch and cannot have here, with what to do instead. */
final class PyTorchArguments {
    private static final String MEMORY = "memory is planned for the whole stage";
    private static final String KERNELS = "there is one kernel, and it gives the same bits everywhere";
    private static final String OPTIMIZER = "a schedule has the job's optimizer, and a job its steps";

    private static final Map<String, String> REASONS = Map.ofEntries(
            Map.entry("inplace", MEMORY),
            Map.entry("device", "everything runs on the processor"),
            Map.entry("dtype", "everything is float32"),
            Map.entry("foreach", KERNELS),
            Map.entry("fused", KERNELS),
            Map.entry("capturable", KERNELS),
            Map.entry("differentiable", "steps have no gradients"),
            Map.entry("generator", "random numbers follow from the job's seed"),
            Map.entry("params", "an optimizer has all parameters, or those that parameter-groups name"),
            Map.entry("optimizer", OPTIMIZER),
            Map.entry("last_epoch", OPTIMIZER),
            Map.entry("verbose", "the rate of every epoch is in metrics.csv"),
            Map.entry("size_average", "reduction says it: mean or sum"),
            Map.entry("reduce", "reduction says it: mean or sum"),
            Map.entry("return_indices", "a layer gives values alone"),
            Map.entry("cycle_momentum", "momentum stays as the optimizer has it"),
            Map.entry("base_momentum", "momentum stays as the optimizer has it"),
            Map.entry("max_momentum", "momentum stays as the optimizer has it"),
            Map.entry("epochs", "the length is that of the job, or total_steps"),
            Map.entry("steps_per_epoch", "the length is that of the job, or total_steps"));

    private PyTorchArguments() {}

    /** Why an argument is to be left out. */
    static Optional<String> reason(String name) {
        return Optional.ofNullable(REASONS.get(name));
    }
}
