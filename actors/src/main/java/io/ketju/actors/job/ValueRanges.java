package io.ketju.actors.job;

import io.ketju.data.BadDataException;
import io.ketju.layers.IntRange;
import io.ketju.layers.model.Head;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelTypes;
import io.ketju.layers.model.Node;
import io.ketju.layers.model.Value;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.memory.TensorArena;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** Which whole numbers those take that read a model's inputs and targets: layers tokens and lengths, losses classes. */
final class ValueRanges {
    /** Who takes what under a name. */
    private record Reader(String name, IntRange range, String who) {}

    private final List<Reader> readers = new ArrayList<>();

    /** @param types of any micro-batch */
    ValueRanges(Model model, ModelTypes types) {
        for (Node node : model.nodes()) {
            List<TensorType> inputs = types.inputs(node);
            for (int i = 0; i < inputs.size(); i++) {
                Value value = node.inputs().get(i);
                if (value.isInput()) {
                    String name = model.inputs().get(value.inputIndex()).name();
                    node.layer()
                            .range(i, inputs)
                            .ifPresent(range -> readers.add(new Reader(name, range, node.toString())));
                }
            }
        }
        for (Head head : model.heads()) {
            List<TensorType> inputs = types.of(head.inputs());
            for (int i = 0; i < head.targets().size(); i++) {
                String name = head.targets().get(i);
                String who = head.loss().spec().toString();
                head.loss().range(i, inputs).ifPresent(range -> readers.add(new Reader(name, range, who)));
            }
        }
    }

    /**
     * Throws {@link BadDataException} for the first value of a mini-batch that its reader does not take.
     *
     * @param read what of it is read
     */
    void require(String where, HandedBatches.Batch batch, Set<String> read) {
        for (Reader reader : readers) {
            if (read.contains(reader.name())) {
                require(where, batch, reader);
            }
        }
    }

    private static void require(String where, HandedBatches.Batch batch, Reader reader) {
        TensorType type = batch.type(reader.name());
        try (TensorArena arena = new TensorArena(type.bytes())) {
            Tensor values = arena.allocate(type);
            batch.copy(reader.name(), 0, values);
            OptionalInt bad = reader.range().firstOutside(values);
            if (bad.isPresent()) {
                throw BadDataException.of(
                        where + ", '" + reader.name() + "', " + IntRange.place(bad.getAsInt(), type.shape()),
                        reader.range() + ", which " + reader.who() + " takes",
                        values.getInt(bad.getAsInt()) + "");
            }
        }
    }
}
