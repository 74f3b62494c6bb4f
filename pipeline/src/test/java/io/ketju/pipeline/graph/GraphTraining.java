package io.ketju.pipeline.graph;

import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.layers.model.Model;
import io.ketju.layers.optimizer.ClipGradNorm;
import io.ketju.layers.optimizer.ConstantLR;
import io.ketju.layers.optimizer.Optimizer;
import io.ketju.layers.optimizer.ParameterGroup;
import io.ketju.layers.optimizer.ParameterGroups;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.Recipe;
import io.ketju.pipeline.StepRules;
import io.ketju.pipeline.catalogue.GPipe;
import io.ketju.pipeline.catalogue.OneForwardOneBackward;
import io.ketju.pipeline.catalogue.Schedules;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.schedule.ReplicaCounts;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.stage.InProcessRunner;
import io.ketju.pipeline.stage.SplitBackward;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A few steps over given mini-batches, in the plainest way and through stages: what both end with.
 *
 * @param batches one for each step
 * @param clip the largest norm of the gradients, if there is one
 * @param groups of micro-batches that add up their gradients by themselves
 */
record GraphTraining(
        Model model,
        ParameterGroups optimizers,
        List<Map<String, Tensor>> batches,
        int samples,
        int microbatches,
        long seed,
        Optional<ClipGradNorm> clip,
        int groups) {
    /** With gradients as they come. */
    GraphTraining(
            Model model,
            ParameterGroups optimizers,
            List<Map<String, Tensor>> batches,
            int samples,
            int microbatches,
            long seed) {
        this(model, optimizers, batches, samples, microbatches, seed, Optional.empty());
    }

    /** With all micro-batches in one group. */
    GraphTraining(
            Model model,
            ParameterGroups optimizers,
            List<Map<String, Tensor>> batches,
            int samples,
            int microbatches,
            long seed,
            Optional<ClipGradNorm> clip) {
        this(model, optimizers, batches, samples, microbatches, seed, clip, 1);
    }

    /** The same in groups of micro-batches. */
    GraphTraining inGroups(int others) {
        return new GraphTraining(model, optimizers, batches, samples, microbatches, seed, clip, others);
    }

    static final List<Schedule> SCHEDULES =
            List.of(new OneForwardOneBackward(), new GPipe(), new SplitBackward(false), new SplitBackward(true));

    /** Those, and all that are listed and can place so many stages. */
    static List<Schedule> schedules(int stages) {
        return Stream.concat(SCHEDULES.stream(), Schedules.placing(stages).stream())
                .distinct()
                .toList();
    }

    /** All weights learn; every second one is frozen; all others are. */
    static List<ParameterGroups> groups(Model model, Optimizer optimizer) {
        List<List<ParameterGroup>> frozen = List.of(List.of(), new ArrayList<>(), new ArrayList<>());
        for (int i = 0; i < model.weights().size(); i++) {
            frozen.get(1 + i % 2).add(ParameterGroup.frozen(model.weights().get(i)));
        }
        return frozen.stream()
                .map(groups -> new ParameterGroups(groups, optimizer))
                .toList();
    }

    /** The whole as one stage, and a cut at every place. */
    static List<Partition> oneCut(Model model) {
        int nodes = model.nodes().size();
        return IntStream.range(0, nodes)
                .mapToObj(cut -> new Partition(cut == 0 ? List.of(0, nodes) : List.of(0, cut, nodes)))
                .toList();
    }

    /** The state hash of {@link NaiveGraph}. */
    String naive() {
        try (NaiveGraph naive = new NaiveGraph(model, optimizers, seed, clip.map(ClipGradNorm::maxNorm))) {
            naive.inGroups(groups, Math.min(microbatches, samples));
            for (int step = 1; step <= batches.size(); step++) {
                naive.step(step, batches.get(step - 1), microbatches);
            }
            return naive.stateHash();
        }
    }

    /** The state hash of stages. */
    String staged(Partition partition, Schedule schedule, TensorCore core) {
        return staged(partition, schedule, Set.of(), core);
    }

    /** The same where some stages recompute. */
    String staged(Partition partition, Schedule schedule, Set<Integer> recomputing, TensorCore core) {
        return staged(partition, schedule, recomputing, ReplicaCounts.alike(1, partition.stages()), core);
    }

    /** The same by several replicas. */
    String staged(
            Partition partition, Schedule schedule, Set<Integer> recomputing, ReplicaCounts replicas, TensorCore core) {
        PipelineSpec spec =
                spec(partition, schedule).withRecomputing(recomputing).withReplicas(replicas);
        try (InProcessRunner runner = new InProcessRunner(spec, core)) {
            for (int step = 1; step <= batches.size(); step++) {
                runner.train(step, batches.get(step - 1));
            }
            return runner.stateHash();
        }
    }

    /** Hands on the parameters before the first step, and their gradients in it, if the optimizer subtracts just these. */
    void gradients(
            Partition partition, TensorCore core, BiConsumer<Map<String, double[]>, Map<String, double[]>> consumer) {
        try (InProcessRunner runner = new InProcessRunner(spec(partition, SCHEDULES.getFirst()), core)) {
            Map<String, double[]> before = values(runner);
            runner.train(1, batches.getFirst());
            Map<String, double[]> gradients = values(runner);
            gradients.forEach((name, after) -> Arrays.setAll(after, i -> before.get(name)[i] - after[i]));
            consumer.accept(before, gradients);
        }
    }

    private static Map<String, double[]> values(InProcessRunner runner) {
        Map<String, double[]> values = new LinkedHashMap<>();
        runner.tensors().forEach((name, tensor) -> {
            double[] elements = new double[tensor.elements()];
            Arrays.setAll(elements, tensor::getFloat);
            values.put(name, elements);
        });
        return values;
    }

    private PipelineSpec spec(Partition partition, Schedule schedule) {
        Recipe recipe = new Recipe(
                model,
                new CrossEntropyLoss(),
                optimizers.otherwise(),
                new ConstantLR(),
                samples,
                microbatches,
                batches.size(),
                seed);
        Recipe grouped = recipe.withGroups(optimizers.groups()).with(StepRules.NONE.inGroups(groups));
        return new PipelineSpec(clip.map(grouped::withClipGradNorm).orElse(grouped), partition, schedule);
    }
}
