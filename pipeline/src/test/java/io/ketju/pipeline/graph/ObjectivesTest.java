package io.ketju.pipeline.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.layers.activation.Activations;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.loss.BCEWithLogitsLoss;
import io.ketju.layers.model.Input;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelBuilder;
import io.ketju.layers.model.Value;
import io.ketju.layers.normalization.BatchNorm1d;
import io.ketju.layers.optimizer.Adam;
import io.ketju.layers.optimizer.ClipGradNorm;
import io.ketju.layers.optimizer.ConstantLR;
import io.ketju.layers.optimizer.LearningRateSchedule;
import io.ketju.layers.optimizer.ParameterGroup;
import io.ketju.layers.optimizer.SGD;
import io.ketju.layers.optimizer.StepLR;
import io.ketju.layers.regularization.Dropout;
import io.ketju.pipeline.Objective;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.Recipe;
import io.ketju.pipeline.catalogue.GPipe;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.program.StageProgram;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.stage.InProcessRunner;
import io.ketju.pipeline.stage.Predictor;
import io.ketju.pipeline.stage.Window;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.core.TensorCoreOptions;
import io.ketju.tensor.core.TensorCoreOptions.KernelChoice;
import io.ketju.tensor.memory.TensorArena;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A generator against a discriminator on one graph: whoever is trained, the other half stays as it is. */
class ObjectivesTest {
    private static final int SAMPLES = 7;
    private static final int NOISE = 3;
    private static final int WIDTH = 4;
    private static final long SEED = 5;
    private static final int D = 0;
    private static final int G = 1;
    private static final Objective DISCRIMINATOR =
            new Objective("discriminator", List.of("real", "fake"), List.of("real.*"), new ConstantLR());
    private static final Objective GENERATOR =
            new Objective("generator", List.of("fool"), List.of("g.*"), new StepLR(1, 0.5));

    private final TensorArena arena = new TensorArena(1 << 16);
    private TensorCore core;

    @BeforeEach
    void open() {
        core = TensorCore.open(new TensorCoreOptions(1, KernelChoice.SCALAR));
    }

    @AfterEach
    void close() {
        core.close();
        arena.close();
    }

    /** @param heads which of "real", "fake" and "fool" there are; nothing is built that none of them needs */
    private static Model model(List<String> heads) {
        ModelBuilder builder = new ModelBuilder();
        Value noise = builder.input(Input.samples("noise", DType.FLOAT32, Shape.of(NOISE)));
        Value y = builder.add("g.fc1", new Linear(NOISE, 6), noise);
        y = builder.add("g.bn", new BatchNorm1d(6), y);
        y = builder.add("g.tanh", Activations.tanh(), y);
        Value made = builder.add("g.fc2", new Linear(6, WIDTH), y);
        String owner = "";
        if (heads.contains("real")) {
            Value samples = builder.input(Input.samples("samples", DType.FLOAT32, Shape.of(WIDTH)));
            owner = "real.";
            builder.head(
                    "real", new BCEWithLogitsLoss(), List.of(discriminator(builder, "real.", samples, "")), "ones");
        }
        Value judged = discriminator(builder, "fake.", made, owner);
        if (heads.contains("fake")) {
            builder.head("fake", new BCEWithLogitsLoss(), List.of(judged), "zeros");
        }
        if (heads.contains("fool")) {
            builder.head("fool", new BCEWithLogitsLoss(), List.of(judged), "ones");
        }
        return builder.output(made).build();
    }

    private static Value discriminator(ModelBuilder builder, String prefix, Value input, String owner) {
        for (String parameter :
                owner.isEmpty() ? List.<String>of() : List.of("1.weight", "1.bias", "2.weight", "2.bias")) {
            builder.tie(prefix + parameter, owner + parameter);
        }
        Value y = builder.add(prefix + "1", new Linear(WIDTH, 5), input);
        y = builder.add(prefix + "tanh", Activations.tanh(), y);
        y = builder.add(prefix + "drop", new Dropout(0.3), y);
        return builder.add(prefix + "2", new Linear(5, 1), y);
    }

    private static Model whole() {
        return model(List.of("real", "fake", "fool"));
    }

    private static Recipe recipe(Model model, int microbatches) {
        return new Recipe(
                        model,
                        new BCEWithLogitsLoss(),
                        new Adam(0.01),
                        new ConstantLR(),
                        SAMPLES,
                        microbatches,
                        10,
                        SEED)
                .withGroups(List.of(new ParameterGroup(
                        "g.*", new SGD(0.2).withMomentum(0.9).withDampening(0.5).withWeightDecay(0.1))));
    }

    private static Recipe both(int microbatches) {
        return recipe(whole(), microbatches).withObjectives(List.of(DISCRIMINATOR, GENERATOR));
    }

    private Map<String, Tensor> batch(long seed) {
        Random random = new Random(seed);
        return Map.of(
                "noise", floats(Shape.of(SAMPLES, NOISE), random::nextGaussian),
                "samples", floats(Shape.of(SAMPLES, WIDTH), random::nextGaussian),
                "ones", floats(Shape.of(SAMPLES, 1), () -> 1),
                "zeros", floats(Shape.of(SAMPLES, 1), () -> 0));
    }

    private Tensor floats(Shape shape, DoubleSupplier values) {
        Tensor tensor = arena.allocate(shape);
        for (int i = 0; i < tensor.elements(); i++) {
            tensor.setFloat(i, (float) values.getAsDouble());
        }
        return tensor;
    }

    private String trained(PipelineSpec spec, List<Map<String, Tensor>> batches) {
        try (InProcessRunner runner = new InProcessRunner(spec, core)) {
            for (int step = 1; step <= batches.size(); step++) {
                runner.train(D, step, batches.get(step - 1));
                if (step == 2) {
                    // Not always in turn; and all heads are evaluated in between.
                    runner.train(D, step, batches.getFirst());
                    assertThat(runner.evaluate(step, batches.getFirst()).heads())
                            .hasSize(3);
                }
                assertThat(runner.train(G, step, batches.get(step - 1)).heads()).hasSize(1);
            }
            return runner.stateHash();
        }
    }

    @Test
    void everyCutAndScheduleTrainsTheSameBits() {
        List<Map<String, Tensor>> batches = List.of(batch(1), batch(2), batch(3));
        int nodes = whole().nodes().size();
        List<Partition> partitions = new ArrayList<>(GraphTraining.oneCut(whole()));
        for (int cut = 1; cut < nodes - 1; cut++) {
            partitions.add(new Partition(List.of(0, cut, cut + 1 + (nodes - cut - 1) / 2, nodes)));
        }
        Recipe clipped = both(3).withClipGradNorm(new ClipGradNorm(0.3));
        assertThat(hash(clipped, batches)).isNotEqualTo(hash(both(3), batches));
        for (Recipe recipe : List.of(both(1), both(3), clipped)) {
            String expected = hash(recipe, batches);
            for (Partition partition : partitions) {
                for (Schedule schedule : GraphTraining.schedules(partition.stages())) {
                    assertThat(trained(new PipelineSpec(recipe, partition, schedule), batches))
                            .as(
                                    "%s, %s, m=%d, %s",
                                    partition, schedule.name(), recipe.microbatches(), recipe.clipGradNorm())
                            .isEqualTo(expected);
                }
            }
        }
    }

    private String hash(Recipe recipe, List<Map<String, Tensor>> batches) {
        return trained(spec(recipe), batches);
    }

    @Test
    void theOtherHalfIsNotTouched() {
        try (InProcessRunner runner = new InProcessRunner(spec(both(3)), core)) {
            Map<String, List<Float>> before = values(runner);
            runner.train(D, 1, batch(1));
            Map<String, List<Float>> between = values(runner);
            runner.train(G, 1, batch(1));
            runner.train(G, 2, batch(2));
            Map<String, List<Float>> after = values(runner);
            // What its layers ran on counts, whoever was trained.
            assertThat(changed(before, between)).allMatch(name -> name.contains("real.") || name.contains("running_"));
            assertThat(changed(before, between))
                    .contains("real.1.weight", "optimizer/real.2.bias/exp_avg", "g.bn.running_mean");
            assertThat(changed(between, after)).allMatch(name -> name.contains("g."));
            assertThat(changed(between, after)).contains("g.fc1.weight", "optimizer/g.bn.weight/momentum_buffer");
            assertThat(runner.tensors().get("optimizer/real.1.weight/step").getInt(0))
                    .isEqualTo(1);
            assertThat(runner.tensors().get("optimizer/g.fc1.weight/step").getInt(0))
                    .isEqualTo(2);
        }
    }

    /** Windows that predict run the whole model, between those of objectives, whatever the cut. */
    @Test
    void predictionsBetweenObjectivesAreThoseOfAPredictor() {
        for (Partition partition : GraphTraining.oneCut(whole())) {
            try (InProcessRunner runner = new InProcessRunner(new PipelineSpec(both(3), partition, new GPipe()), core);
                    Predictor predictor = new Predictor(whole(), 3, core)) {
                for (int step = 1; step <= 2; step++) {
                    runner.train(D, step, batch(step));
                    requireSamePredictions(runner, predictor, partition);
                    runner.train(G, step, batch(step));
                    requireSamePredictions(runner, predictor, partition);
                }
                assertThat(runner.leasesOutstanding()).isZero();
            }
        }
    }

    private void requireSamePredictions(InProcessRunner runner, Predictor predictor, Partition partition) {
        predictor
                .weights()
                .forEach((name, tensor) -> tensor.copyFrom(runner.tensors().get(name)));
        Map<String, Tensor> batch = batch(7);
        List<Tensor> inputs = List.of(batch.get("noise"), batch.get("samples"));
        Tensor found = arena.allocate(Shape.of(SAMPLES, WIDTH));
        Tensor expected = arena.allocate(Shape.of(SAMPLES, WIDTH));
        runner.predict(inputs, List.of(found));
        predictor.predict(inputs, List.of(expected));
        assertThat(found.toFloats()).as("%s", partition).isEqualTo(expected.toFloats());
        assertThat(predictor.evaluate(batch, 3)).as("%s", partition).isEqualTo(runner.evaluate(1, batch));
    }

    /** The same as a model with the objective's heads alone, of which the other half is frozen. */
    @Test
    void anObjectiveTrainsAsAModelOfItsOwn() {
        try (InProcessRunner runner = new InProcessRunner(spec(both(3)), core)) {
            requireAlone(runner, D, List.of("real", "fake"), "g.*", new ConstantLR());
            requireAlone(runner, G, List.of("fool"), "fake.*", new StepLR(1, 0.5));
        }
    }

    private void requireAlone(
            InProcessRunner runner, int objective, List<String> heads, String frozen, LearningRateSchedule rates) {
        Recipe like = both(3);
        List<ParameterGroup> groups = new ArrayList<>(List.of(ParameterGroup.frozen(frozen)));
        if (objective == G) {
            groups.addAll(like.groups());
        }
        Recipe alone = new Recipe(
                        model(heads), like.loss(), like.optimizer(), rates, SAMPLES, like.microbatches(), 10, SEED)
                .withGroups(groups);
        Map<String, Tensor> batch = batch(9);
        try (InProcessRunner other = new InProcessRunner(spec(alone), core)) {
            Map<String, Tensor> given = new LinkedHashMap<>(runner.tensors());
            // Without the discriminator of real samples, its parameters have their other name.
            runner.tensors().forEach((name, tensor) -> given.put(name.replace("real.", "fake."), tensor));
            given.keySet().retainAll(other.tensors().keySet());
            given.keySet().removeIf(name -> name.startsWith("optimizer/"));
            other.load(given);
            other.train(1, batch);
            runner.train(objective, 1, batch);
            Map<String, List<Float>> expected = values(other);
            Map<String, List<Float>> found = values(runner);
            expected.forEach((name, values) -> assertThat(
                            found.getOrDefault(name, found.get(name.replace("fake.", "real."))))
                    .as(name)
                    .isEqualTo(values));
        }
    }

    private static PipelineSpec spec(Recipe recipe) {
        return new PipelineSpec(recipe, Partition.single(recipe.model()), new GPipe());
    }

    private static Map<String, List<Float>> values(InProcessRunner runner) {
        Map<String, List<Float>> values = new TreeMap<>();
        runner.tensors().forEach((name, tensor) -> {
            if (tensor.dtype() == DType.FLOAT32) {
                List<Float> copy = new ArrayList<>();
                for (int i = 0; i < tensor.elements(); i++) {
                    copy.add(tensor.getFloat(i));
                }
                values.put(name, copy);
            }
        });
        return values;
    }

    private static List<String> changed(Map<String, List<Float>> before, Map<String, List<Float>> after) {
        return before.keySet().stream()
                .filter(name -> !before.get(name).equals(after.get(name)))
                .collect(Collectors.toList());
    }

    @Test
    void nothingRunsThatTheHeadsDoNotNeed() {
        PipelineSpec spec = spec(both(3));
        StageProgram generator = spec.objectivePrograms(0).get(G);
        assertThat(generator.nodes()).noneMatch(node -> node.name().startsWith("real."));
        assertThat(generator.fed()).hasSize(2);
        assertThat(spec.program(0).nodes()).hasSameSizeAs(whole().nodes());
        try (InProcessRunner runner = new InProcessRunner(spec, core)) {
            Map<String, Tensor> batch = new LinkedHashMap<>(batch(1));
            batch.keySet().removeAll(List.of("samples", "zeros"));
            assertThat(runner.train(G, 1, batch).heads().keySet()).containsExactly(2);
        }
    }

    @Test
    void whatDoesNotFitIsRefused() {
        Recipe recipe = recipe(whole(), 3);
        assertThatThrownBy(() -> recipe.withObjectives(List.of(GENERATOR)))
                .hasMessage("parameter 'real.1.weight': no objective trains it; name it in one of them, or freeze it");
        assertThatThrownBy(() -> recipe.withObjectives(List.of(GENERATOR, GENERATOR)))
                .hasMessage("objective 'generator': there are two of this name");
        assertThatThrownBy(() -> recipe.withObjectives(
                        List.of(new Objective("d", List.of("reel"), List.of("real.*"), new ConstantLR()))))
                .hasMessage(
                        "objective 'd': the model has no head 'reel'; it has [fake, fool, real]; did you mean 'real'?");
        assertThatThrownBy(() -> recipe.withObjectives(
                        List.of(new Objective("d", List.of("real"), List.of("d.*"), new ConstantLR()))))
                .hasMessageStartingWith("objective 'd': 'd.*' matches none of the 10 parameters; near are ");
        assertThatThrownBy(() -> recipe.withObjectives(
                        List.of(new Objective("d", List.of(), List.of("real.*"), new ConstantLR()))))
                .hasMessageStartingWith("objective 'd': expected at least one head and the names of parameters");
        try (InProcessRunner runner = new InProcessRunner(spec(both(3)), core)) {
            Window window = new Window(0, Window.Phase.TRAIN, 1, SAMPLES, 3, 1).withObjective(2);
            assertThatThrownBy(() -> runner.run(window.withDenominators(List.of(1.0, 1.0, 1.0)), batch(1)))
                    .hasMessage("window 0: expected one of 2 objectives, found 2");
        }
    }
}
