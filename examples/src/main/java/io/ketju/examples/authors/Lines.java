package io.ketju.examples.authors;

import io.ketju.data.BatchOrder;
import io.ketju.data.BatchPlan;
import io.ketju.data.BatchSource;
import io.ketju.data.Dataset;
import io.ketju.layers.model.Model;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.memory.TensorArena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Sentences as numbers of their words, on the heap, and who wrote them.
 *
 * @param tokens numbers of each sentence's words
 * @param authors the class of each
 */
record Lines(List<int[]> tokens, List<Integer> authors) {
    static Lines read(Dataset data) {
        BatchSource batches = data.batches(Model.INPUT, Model.TARGET, 1, 1, BatchOrder.sequential());
        List<int[]> tokens = new ArrayList<>();
        List<Integer> authors = new ArrayList<>();
        for (int i = 0; i < data.size(); i++) {
            BatchPlan plan = batches.plan(i);
            Map<String, TensorType> types = plan.microbatches().getFirst().types();
            try (TensorArena arena = new TensorArena(1 << 12)) {
                tokens.add(ints(
                        batches,
                        plan,
                        Model.INPUT,
                        arena.allocate(
                                type(types, Model.INPUT).dtype(),
                                type(types, Model.INPUT).shape())));
                authors.add(ints(
                        batches,
                        plan,
                        Model.TARGET,
                        arena.allocate(
                                type(types, Model.TARGET).dtype(),
                                type(types, Model.TARGET).shape()))[0]);
            }
        }
        return new Lines(tokens, authors);
    }

    private static TensorType type(Map<String, TensorType> types, String port) {
        TensorType type = types.get(port);
        if (type == null) {
            throw new IllegalArgumentException("expected '" + port + "', found " + types.keySet());
        }
        return type;
    }

    private static int[] ints(BatchSource batches, BatchPlan plan, String port, Tensor room) {
        batches.copy(plan, 0, port, room);
        return IntStream.range(0, room.elements()).map(room::getInt).toArray();
    }

    int size() {
        return tokens.size();
    }
}
