package io.ketju.pipeline.stage;

import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelTypes;
import io.ketju.pipeline.program.BatchPorts;
import io.ketju.tensor.TensorType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Types of everything in a micro-batch, worked out once for each size that comes. */
final class MicrobatchTypes {
    /** Sizes remembered; a job has two or three. */
    private static final int MOST = 64;

    /**
     * @param values of the model's values
     * @param ports of what the batch gives, in the order of {@link BatchPorts}
     */
    record Typed(ModelTypes values, List<TensorType> ports) {}

    private final Model model;
    private final BatchPorts ports;
    private final Map<Integer, Typed> bySamples = new HashMap<>();

    MicrobatchTypes(Model model) {
        this.model = model;
        ports = BatchPorts.of(model);
    }

    Typed typed(int samples) {
        if (bySamples.size() >= MOST) {
            bySamples.clear();
        }
        return bySamples.computeIfAbsent(samples, n -> {
            ModelTypes types = model.types(n);
            return new Typed(types, ports.types(model, types));
        });
    }

    ModelTypes of(int samples) {
        return typed(samples).values();
    }
}
