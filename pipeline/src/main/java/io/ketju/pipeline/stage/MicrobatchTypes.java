package io.ketju.pipeline.stage;

import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelTypes;
import io.ketju.pipeline.program.BatchPorts;
import io.ketju.tensor.TensorType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Types of everything in a micro-batch, worked out once for each kind of micro-batch that comes. */
final class MicrobatchTypes {
    /** Kinds remembered; a job whose samples are all alike has two or three. */
    private static final int MOST = 64;

    /**
     * @param values of the model's values
     * @param ports of what the batch gives, in the order of {@link BatchPorts}
     */
    record Typed(ModelTypes values, List<TensorType> ports) {}

    private final Model model;
    private final BatchPorts ports;
    private final Map<Window.Part, Typed> known = new HashMap<>();

    MicrobatchTypes(Model model) {
        this.model = model;
        ports = BatchPorts.of(model);
    }

    Typed typed(Window.Part part) {
        Typed typed = known.get(part);
        if (typed == null) {
            if (known.size() >= MOST) {
                known.clear();
            }
            typed = infer(part);
            known.put(part, typed);
        }
        return typed;
    }

    private Typed infer(Window.Part part) {
        ModelTypes types = part.inputs().isEmpty() ? model.types(part.samples()) : model.types(part.inputs());
        return new Typed(types, ports.types(model, types));
    }
}
