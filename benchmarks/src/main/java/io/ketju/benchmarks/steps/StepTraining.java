package io.ketju.benchmarks.steps;

import io.ketju.benchmarks.kernels.Operands;
import io.ketju.benchmarks.measure.Uniform;
import io.ketju.benchmarks.peers.WorkSpec;
import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelTypes;
import io.ketju.layers.model.Node;
import io.ketju.layers.optimizer.Adam;
import io.ketju.layers.optimizer.ConstantLR;
import io.ketju.layers.optimizer.Optimizer;
import io.ketju.layers.optimizer.ParameterGroup;
import io.ketju.layers.optimizer.SGD;
import io.ketju.layers.optimizer.SparseAdam;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.Recipe;
import io.ketju.pipeline.catalogue.OneForwardOneBackward;
import io.ketju.pipeline.partition.GradientFlow;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.stage.InProcessRunner;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import java.util.ArrayList;
import java.util.List;

/**
 * A network that {@link InProcessRunner} trains on one stage, round and round on a few batches, from the weights and on
 * the batches of {@code steps.py}. Owns all its memory; close it.
 */
public final class StepTraining implements AutoCloseable {
    /** As {@code steps.py} has them. */
    static final int BATCHES = 8;

    private record Batch(Tensor inputs, Tensor targets) {}

    private final Operands memory = new Operands();
    private final List<Batch> batches = new ArrayList<>();
    private final Model model;
    private final int samples;
    private final InProcessRunner runner;
    private long steps;

    private StepTraining(WorkSpec spec, TensorCore core) {
        model = StepModels.of(spec);
        samples = spec.number("batch");
        Recipe recipe = new Recipe(
                        model,
                        new CrossEntropyLoss(),
                        optimizer(spec),
                        new ConstantLR(),
                        samples,
                        1,
                        Integer.MAX_VALUE,
                        1)
                .withGroups(groups(spec));
        runner = new InProcessRunner(
                new PipelineSpec(recipe, Partition.single(model), new OneForwardOneBackward()), core);
        StepModels.fill(model, runner.tensors());
        for (int i = 0; i < BATCHES; i++) {
            batches.add(batch(spec, 2 * i + 1));
        }
    }

    /** The network of a name at the sizes of the spec, with its batches; close it. The core stays the caller's. */
    public static StepTraining open(WorkSpec spec, TensorCore core) {
        return new StepTraining(spec, core);
    }

    /** Operations of one step: each of forward and both gradients takes as many, where it is needed. */
    double flops() {
        ModelTypes types = model.types(samples);
        GradientFlow flow = GradientFlow.of(model);
        double all = 0;
        for (int i = 0; i < model.nodes().size(); i++) {
            Node node = model.nodes().get(i);
            int passes = 1 + (node.inputs().stream().anyMatch(flow::learns) ? 1 : 0) + (flow.hasWeights(i) ? 1 : 0);
            all += (double) passes * node.layer().forwardFlops(types.inputs(node));
        }
        return all;
    }

    /** One whole step: forward, loss, backward, update; returns the mean loss. */
    public double step() {
        Batch batch = batches.get((int) (steps % BATCHES));
        steps++;
        return runner.train(steps, batch.inputs(), batch.targets()).lossSum()
                / batch.targets().elements();
    }

    @Override
    public void close() {
        runner.close();
        memory.close();
    }

    /** Rates are in millionths: specs have whole numbers only. */
    private static Optimizer optimizer(WorkSpec spec) {
        double rate = spec.number("rate") * 1e-6;
        return switch (spec.name()) {
            case "step_words" -> new Adam(rate);
            case "step_gpt" -> new AdamW(rate);
            case "step_lstm" -> new SGD(rate);
            default -> new SGD(rate).withMomentum(0.9);
        };
    }

    private static List<ParameterGroup> groups(WorkSpec spec) {
        boolean sparse = spec.name().equals("step_words") && spec.number("sparse") == 1;
        return sparse ? List.of(new ParameterGroup("tokens.*", new SparseAdam(spec.number("rate") * 1e-6))) : List.of();
    }

    private Batch batch(WorkSpec spec, int seed) {
        int samples = spec.number("batch");
        return switch (spec.name()) {
            case "step_words" -> new Batch(tokens(spec, seed), memory.classes(StepModels.CLASSES, seed + 1, samples));
            case "step_gpt" -> new Batch(tokens(spec, seed), tokens(spec, seed + 1));
            // The peer's sequences are columns.
            case "step_lstm" -> new Batch(columns(spec, seed), columns(spec, seed + 1));
            default ->
                new Batch(
                        memory.uniform(seed, 1, samples, 3, spec.number("size"), spec.number("size")),
                        memory.classes(StepModels.CLASSES, seed + 1, samples));
        };
    }

    private Tensor tokens(WorkSpec spec, int seed) {
        Tensor tokens = memory.integers(spec.number("batch"), spec.number("length"));
        for (int i = 0; i < tokens.elements(); i++) {
            tokens.setInt(i, Uniform.below(spec.number("vocabulary"), seed, i));
        }
        return tokens;
    }

    private Tensor columns(WorkSpec spec, int seed) {
        int samples = spec.number("batch");
        int length = spec.number("length");
        Tensor tokens = memory.integers(samples, length);
        for (int i = 0; i < tokens.elements(); i++) {
            int element = i % samples * length + i / samples;
            tokens.setInt(element, Uniform.below(spec.number("vocabulary"), seed, i));
        }
        return tokens;
    }
}
