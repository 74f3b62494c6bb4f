package io.ketju.pipeline.graph;

import io.ketju.layers.PassBinding.Weights;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.Node;
import io.ketju.layers.model.ParameterBlock.NamedTensor;
import io.ketju.layers.optimizer.LearningRateSchedule;
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
import java.util.function.Function;

/**
 * Trains a graph one mini-batch after another, on old weights: a copy of all weights is kept after every update, and each
 * stage's layers run on the one that somebody says, or on what is made of it. No pipeline, no overlap, nothing is ever freed.
 */
final class NaiveVersions implements AutoCloseable {
    /** Which versions a stage runs on, by how many updates the stretch has had before the window's. */
    @FunctionalInterface
    interface Delay {
        /** Updates that the version of a stage's forward is behind that which window k updates, before the start is reached. */
        int of(int stages, int stage);
    }

    /** What forwards and backwards run on. */
    enum Kind {
        /** Both on what the delay says. */
        STASHED,
        /** Backwards on the newest. */
        NEWEST,
        /** Forwards on a prediction from there, backwards on the newest. */
        PREDICTED,
        /** Backwards on the newest, moved back by a mean of changes. */
        CORRECTED
    }

    /**
     * What is known of a schedule without it.
     *
     * @param decay of the mean of changes, over as many as the delay
     * @param annealing steps over which rates come back that begin divided by the delay; 0: none does
     */
    record Rules(Delay delay, Kind kind, double decay, int annealing) {}

    private final NaiveGraph graph;
    private final Model model;
    private final ParameterGroups groups;
    private final Partition partition;
    private final Rules rules;
    private final LearningRateSchedule rates;
    private final TensorArena arena = new TensorArena(1 << 23);
    private final List<Map<String, Tensor>> versions = new ArrayList<>();
    private final List<Map<String, Tensor>> states = new ArrayList<>();
    private long firstStep;

    NaiveVersions(
            Model model,
            ParameterGroups groups,
            LearningRateSchedule rates,
            long seed,
            Optional<Double> maxNorm,
            Partition partition,
            Rules rules) {
        this.model = model;
        this.groups = groups;
        this.rates = rates;
        this.partition = partition;
        this.rules = rules;
        graph = new NaiveGraph(model, groups, seed, maxNorm);
        graph.learnAt((parameter, optimizer, step) -> {
            int delay = delay(owner(parameter));
            double power = Math.max(0, 1 - (step - 1) / (double) rules.annealing());
            double factor = rules.annealing() == 0 ? 1 : StrictMath.pow(Math.max(1, delay), -power);
            return factor * rates.learningRate(optimizer.learningRate(), step, OverlapGraphTest.TOTAL_STEPS);
        });
    }

    /** Has the next steps add up the gradients of so many groups of micro-batches by themselves. */
    void inGroups(int others, int most) {
        graph.inGroups(others, most);
    }

    /** One stretch: the newest weights are its version 0. */
    void stretch(long step, List<Map<String, Tensor>> batches, int microbatches) {
        arena.reset();
        versions.clear();
        states.clear();
        firstStep = step;
        keep();
        for (int k = 0; k < batches.size(); k++) {
            int window = k;
            Map<Node, Weights> forward = new HashMap<>();
            Map<Node, Weights> backward = new HashMap<>();
            for (Node node : model.nodes()) {
                forward.put(node, weights(node, name -> forward(node, name, window)));
                backward.put(node, weights(node, name -> backward(node, name, window)));
            }
            graph.runOn(forward::get, backward::get);
            graph.step(firstStep + k, batches.get(k), microbatches);
            keep();
        }
    }

    private Tensor forward(Node node, String parameter, int window) {
        int used = Math.max(0, window - delay(stage(node)));
        return rules.kind() == Kind.PREDICTED && stage(node) == owner(parameter) && learns(parameter)
                ? predicted(parameter, used, window)
                : versions.get(used).get(parameter);
    }

    private Tensor backward(Node node, String parameter, int window) {
        return switch (rules.kind()) {
            case STASHED -> forward(node, parameter, window);
            case NEWEST, PREDICTED -> versions.get(window).get(parameter);
            case CORRECTED ->
                learns(parameter)
                        ? corrected(delay(stage(node)), parameter, window)
                        : versions.get(window).get(parameter);
        };
    }

    /** A version that was to be, from one that was. */
    private Tensor predicted(String parameter, int from, int to) {
        Tensor start = versions.get(from).get(parameter);
        long updates = firstStep - 1 + from;
        if (updates == 0 || from == to) {
            return start;
        }
        var optimizer = groups.of(parameter).orElseThrow();
        List<Double> coming = new ArrayList<>();
        for (int window = from; window < to; window++) {
            coming.add(rates.learningRate(optimizer.learningRate(), firstStep + window, OverlapGraphTest.TOTAL_STEPS));
        }
        Map<String, Tensor> state = states.get(from);
        return changed(
                start,
                i -> NaivePrediction.of(
                        optimizer,
                        coming,
                        updates,
                        start.getFloat(i),
                        name -> state.get(parameter + "." + name).getFloat(i)));
    }

    /** The newest version, moved back by the mean of all changes of the stretch. */
    private Tensor corrected(int mostDelay, String parameter, int window) {
        int delay = Math.min(window, mostDelay);
        Tensor newest = versions.get(window).get(parameter);
        if (delay == 0) {
            return newest;
        }
        double left = StrictMath.pow(rules.decay(), 1.0 / mostDelay);
        return changed(newest, i -> {
            float mean = 0;
            for (int k = 0; k < window; k++) {
                float change = versions.get(k + 1).get(parameter).getFloat(i)
                        - versions.get(k).get(parameter).getFloat(i);
                mean = Math.fma((float) (1 - left), change, mean * (float) left);
            }
            return Math.fma(-delay, mean, newest.getFloat(i));
        });
    }

    @FunctionalInterface
    private interface Element {
        float at(int index);
    }

    private Tensor changed(Tensor like, Element element) {
        Tensor tensor = arena.allocate(TensorType.of(like));
        for (int i = 0; i < tensor.elements(); i++) {
            tensor.setFloat(i, element.at(i));
        }
        return tensor;
    }

    private boolean learns(String parameter) {
        return model.parameter(parameter).learns() && groups.learns(parameter);
    }

    private int delay(int stage) {
        return rules.delay().of(partition.stages(), stage);
    }

    /** The stage of the first node that has a parameter. */
    private int owner(String parameter) {
        return model.nodes().stream()
                .filter(node -> node.parameters().contains(parameter))
                .findFirst()
                .map(this::stage)
                .orElseThrow();
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
            version.put(value.name(), copy(value.tensor()));
        }
        versions.add(version);
        Map<String, Tensor> state = new HashMap<>();
        graph.block().states().forEach(kept -> state.put(kept.name(), copy(kept.tensor())));
        states.add(state);
    }

    private Tensor copy(Tensor tensor) {
        Tensor copy = arena.allocate(TensorType.of(tensor));
        copy.copyFrom(tensor);
        return copy;
    }

    private Weights weights(Node node, Function<String, Tensor> value) {
        Weights newest = graph.block().weights(node);
        return new Weights(node.parameters().stream().map(value).toList(), newest.gradients(), newest.rows(), Map.of());
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
