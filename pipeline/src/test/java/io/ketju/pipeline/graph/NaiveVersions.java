package io.ketju.pipeline.graph;

import io.ketju.layers.PassBinding.Weights;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.Node;
import io.ketju.layers.model.ParameterBlock.NamedTensor;
import io.ketju.layers.optimizer.ParameterGroups;
import io.ketju.pipeline.partition.Partition;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.memory.TensorArena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Trains a graph one mini-batch after another, on old weights: a copy of all weights is kept after every update, and each
 * stage's layers run on the one that somebody says. No pipeline, no overlap, nothing is ever freed.
 */
final class NaiveVersions implements AutoCloseable {
    /** Which versions a stage runs on, by how many updates the stretch has had before the window's. */
    @FunctionalInterface
    interface Delay {
        /** Updates that the version of a stage's forward is behind that which window k updates, before the start is reached. */
        int of(int stages, int stage);
    }

    private final NaiveGraph graph;
    private final Model model;
    private final Partition partition;
    private final Delay delay;
    private final boolean stashed;
    private final TensorArena arena = new TensorArena(1 << 22);
    private final List<Map<String, Tensor>> versions = new ArrayList<>();

    /** @param stashed whether backwards run on what forwards ran on, and not on the newest */
    NaiveVersions(
            Model model,
            ParameterGroups groups,
            long seed,
            Optional<Double> maxNorm,
            Partition partition,
            Delay delay,
            boolean stashed) {
        this.model = model;
        this.partition = partition;
        this.delay = delay;
        this.stashed = stashed;
        graph = new NaiveGraph(model, groups, seed, maxNorm);
    }

    /** One stretch: the newest weights are its version 0. */
    void stretch(long firstStep, List<Map<String, Tensor>> batches, int microbatches) {
        versions.clear();
        keep();
        for (int k = 0; k < batches.size(); k++) {
            int window = k;
            graph.runOn(
                    node -> at(node, Math.max(0, window - delay.of(partition.stages(), stage(node)))),
                    node -> at(
                            node, stashed ? Math.max(0, window - delay.of(partition.stages(), stage(node))) : window));
            graph.step(firstStep + k, batches.get(k), microbatches);
            keep();
        }
    }

    private int stage(Node node) {
        int index = model.nodes().indexOf(node);
        int stage = 0;
        while (partition.bounds().get(stage + 1) <= index) {
            stage++;
        }
        return stage;
    }

    private void keep() {
        Map<String, Tensor> version = new HashMap<>();
        for (NamedTensor value : graph.block().values()) {
            Tensor copy = arena.allocate(TensorType.of(value.tensor()));
            copy.copyFrom(value.tensor());
            version.put(value.name(), copy);
        }
        versions.add(version);
    }

    private Weights at(Node node, int version) {
        List<Tensor> values =
                node.parameters().stream().map(versions.get(version)::get).toList();
        return new Weights(values, graph.block().weights(node).gradients(), Map.of());
    }

    String stateHash() {
        return graph.stateHash();
    }

    @Override
    public void close() {
        graph.close();
        arena.close();
    }
}
