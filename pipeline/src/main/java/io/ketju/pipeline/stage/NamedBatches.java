package io.ketju.pipeline.stage;

import io.ketju.layers.model.Input;
import io.ketju.layers.model.Model;
import io.ketju.pipeline.program.BatchPorts;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Mini-batches and micro-batches as tensors by the names that the model has for them. */
final class NamedBatches {
    private final Model model;
    private final BatchPorts ports;

    NamedBatches(Model model) {
        this.model = model;
        ports = BatchPorts.of(model);
    }

    static Tensor tensor(Map<String, Tensor> batch, String name) {
        return Objects.requireNonNull(batch.get(name), () -> "the batch has no '" + name + "'");
    }

    /** Samples: of the first input that has any. What a window does not run need not be in the batch. */
    int samples(Map<String, Tensor> batch) {
        return model.inputs().stream()
                .filter(input -> input.batched() && batch.containsKey(input.name()))
                .findFirst()
                .map(input -> tensor(batch, input.name()).shape().dimension(0))
                .orElse(1);
    }

    /** Cuts a mini-batch whose samples are all alike. */
    List<Map<String, Tensor>> cut(Map<String, Tensor> batch, List<Window.Part> parts) {
        int samples = samples(batch);
        List<Map<String, Tensor>> microbatches = new ArrayList<>();
        int first = 0;
        for (Window.Part part : parts) {
            Map<String, Tensor> microbatch = new HashMap<>();
            for (int port = 0; port < ports.names().size(); port++) {
                String name = ports.names().get(port);
                Tensor source = batch.get(name);
                if (source == null) {
                    continue;
                }
                boolean whole = whole(port, parts.size());
                if (!whole && source.shape().dimension(0) != samples) {
                    throw new IllegalArgumentException(
                            "expected " + samples + " samples of '" + name + "', got " + source);
                }
                microbatch.put(name, whole ? source : source.samples(first, part.samples()));
            }
            first += part.samples();
            microbatches.add(microbatch);
        }
        return microbatches;
    }

    /** Inputs that are no samples go with every micro-batch; a mini-batch that is one has nothing to be cut. */
    private boolean whole(int port, int parts) {
        return parts == 1
                || (port < model.inputs().size() && !model.inputs().get(port).batched());
    }

    /** What a micro-batch is; one that the model does not take is refused where its tensors arrive. */
    Window.Part part(Map<String, Tensor> microbatch) {
        int samples = samples(microbatch);
        List<TensorType> types = new ArrayList<>();
        for (Input input : model.inputs()) {
            Tensor given = microbatch.get(input.name());
            TensorType type = (input.constant() || given == null) ? input.type(samples) : TensorType.of(given);
            types.add(input.takes(type, samples) ? type : input.type(samples));
        }
        return Window.Part.of(model, samples, types);
    }
}
