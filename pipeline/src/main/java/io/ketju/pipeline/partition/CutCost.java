package io.ketju.pipeline.partition;

import io.ketju.layers.model.Head;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelTypes;
import io.ketju.layers.model.Node;
import io.ketju.layers.model.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Modelled cost of what crosses a cut with one sample, in the unit of {@link LayerCost}, for the stage on either side of it.
 * A stage copies what it sends into the message, reading and writing every byte once: activations are copied by the
 * stage before the cut, gradients, which are as large, by the one behind it. So each side moves as many bytes as cross in
 * both directions together. What comes is read where it lies; checksums and sockets are other threads' work.
 */
public final class CutCost {
    private CutCost() {}

    /**
     * {@return the cost of a cut before each node, in order, and behind the last; 0 at both ends, where there is nothing to cut}
     *
     * @param model with its heads
     */
    public static List<Long> ofPlaces(Model model) {
        return bytes(model).stream()
                .map(bytes -> Math.multiplyExact(LayerCost.FLOPS_PER_BYTE, bytes))
                .toList();
    }

    /**
     * {@return the bytes of activations and gradients of one sample that cross a cut before each node and behind the last} A value crosses
     * all places up to its last reader, its gradient those up to the last that makes one.
     *
     * @param model with its heads
     */
    public static List<Long> bytes(Model model) {
        Map<Value, Integer> readUntil = new LinkedHashMap<>();
        Map<Value, Integer> learnsUntil = new LinkedHashMap<>();
        GradientFlow flow = GradientFlow.of(model);
        for (int i = 0; i < model.nodes().size(); i++) {
            Node node = model.nodes().get(i);
            for (int port = 0; port < node.inputs().size(); port++) {
                read(node.inputs().get(port), i, flow.flows(i, port), readUntil, learnsUntil);
            }
        }
        for (Head head : model.heads()) {
            for (int port = 0; port < head.inputs().size(); port++) {
                read(head.inputs().get(port), head.node(), flow.flows(head, port), readUntil, learnsUntil);
            }
        }
        long[] changes = new long[model.nodes().size() + 1];
        ModelTypes types = model.types(1);
        readUntil.forEach((value, last) -> add(changes, value, last, types));
        learnsUntil.forEach((value, last) -> add(changes, value, last, types));
        List<Long> bytes = new ArrayList<>();
        long crossing = 0;
        for (long change : changes) {
            crossing += change;
            bytes.add(crossing);
        }
        return bytes;
    }

    private static void read(
            Value value, int reader, boolean flows, Map<Value, Integer> readUntil, Map<Value, Integer> learnsUntil) {
        if (!value.isInput()) {
            readUntil.merge(value, reader, Math::max);
            if (flows) {
                learnsUntil.merge(value, reader, Math::max);
            }
        }
    }

    /** What becomes more behind the node that makes a value becomes less behind its last reader. */
    private static void add(long[] changes, Value value, int last, ModelTypes types) {
        long bytes = types.of(value).shape().bytes();
        changes[value.node() + 1] += bytes;
        changes[last + 1] -= bytes;
    }
}
