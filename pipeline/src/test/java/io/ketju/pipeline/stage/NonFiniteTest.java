package io.ketju.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.layers.activation.Activations;
import io.ketju.layers.initializer.Initializers;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.Sequential;
import io.ketju.layers.optimizer.Adam;
import io.ketju.layers.optimizer.ClipGradNorm;
import io.ketju.layers.optimizer.Optimizer;
import io.ketju.layers.optimizer.SGD;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.Recipe;
import io.ketju.pipeline.catalogue.GPipe;
import io.ketju.pipeline.catalogue.OneForwardOneBackward;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.schedule.RandomOrder;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.stage.Toy.Batch;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whether a run lives, when it ends and what is said of it do not depend on partition and schedule. */
class NonFiniteTest {
    private static final int MICROBATCHES = 3;

    private final Toy toy = new Toy();
    private final TensorCore core = TensorCore.open(1);

    /** Layers that overflow where {@code prepare} makes them. */
    private static final Model LINEARS = Model.of(
            Shape.of(7), Sequential.of(new Linear(7, 5), Activations.tanh(), new Linear(5, 4), new Linear(4, 3)));

    @AfterEach
    void close() {
        core.close();
        toy.close();
    }

    @Test
    void minusInfinityThatALaterLayerAbsorbsIsLegal() {
        Model model = Model.of(
                Shape.of(7),
                Sequential.of(
                        new Linear(7, 8).withInitializer(Initializers.constant(1e20)),
                        Activations.relu(),
                        new Linear(8, 6).withInitializer(Initializers.constant(-1e20)),
                        Activations.relu(),
                        new Linear(6, 3)));
        List<Batch> batches = toy.batches(model, 9, 9, 9, 5);
        assertThat(outcome(model, new SGD(0.1), batches, runner -> {})).startsWith("trained ");
    }

    @Test
    void aLearningRateThatIsMuchTooHighIsNamedWithTheLayer() {
        assertThat(outcome(Toy.mlp(), new SGD(1e30), toy.batches(Toy.mlp(), 9, 9, 9, 9), runner -> {}))
                .matches("step 2, micro-batch 0: the loss is (NaN|Infinity); it began in layer 4 "
                        + "Linear\\(13, 11\\), whose output is -?Infinity at \\[0, \\d+]; "
                        + "a smaller learning rate may help");
    }

    @Test
    void anInputThatIsNoNumberIsNotBlamedOnALayer() {
        List<Batch> batches = toy.batches(Toy.mlp(), 9, 9, 9, 9);
        batches.get(1).inputs().setFloat(4 * 7, Float.NaN);
        assertThat(outcome(Toy.mlp(), new Adam(0.01), batches, runner -> {}))
                .isEqualTo("step 2, micro-batch 1: the loss is NaN; the model's input is not finite");
    }

    @Test
    void whatIsAbsorbedOnTheWayIsNotTakenForTheBeginning() {
        Model model = Model.of(
                Shape.of(7),
                Sequential.of(
                        new Linear(7, 5).withInitializer(Initializers.constant(-1e20)),
                        Activations.relu(),
                        new Linear(5, 4).withInitializer(Initializers.constant(-1e30)),
                        Activations.relu(),
                        new Linear(4, 4),
                        new Linear(4, 3)));
        Consumer<InProcessRunner> overflows = runner -> fill(runner, "4.bias", 3e38f, "5.weight", 3e38f);
        assertThat(outcome(model, new SGD(0.1), toy.batches(model, 9, 9, 9, 9), overflows))
                .startsWith("step 1, micro-batch 0: the loss is ")
                .contains("; it began in layer 5 Linear(4, 3), whose output is Infinity at [0, 0]")
                .doesNotContain("learning rate");
    }

    @Test
    void theFirstBadGradientIsNamedAndWhereBackwardMetIt() {
        // what comes out of layer 2 is 0, and so is what layer 3 makes of it: only gradients see how large weights are
        Consumer<InProcessRunner> huge = runner -> fill(
                runner, "0.weight", 0, "0.bias", 0, "2.weight", 1e30f, "2.bias", 0, "3.weight", 3e38f, "3.bias", 0);
        assertThat(outcome(LINEARS, new Adam(0.01), constant(LINEARS), huge.andThen(NonFiniteTest::oneClassNegative)))
                .isEqualTo("step 1: the gradient of 0.weight is Infinity at [0, 0]; "
                        + "backward met the first such gradient in layer 2 Linear(5, 4)");
    }

    @Test
    void aGradientOfOneParameterAloneIsNamed() {
        Consumer<InProcessRunner> huge = runner ->
                fill(runner, "0.weight", 0, "0.bias", 1, "2.weight", 0, "2.bias", 0, "3.weight", 3e38f, "3.bias", 0);
        assertThat(outcome(LINEARS, new Adam(0.01), constant(LINEARS), huge.andThen(NonFiniteTest::oneClassNegative)))
                .isEqualTo("step 1: the gradient of 2.bias is Infinity at [0]; "
                        + "backward met the first such gradient in layer 2 Linear(5, 4)");
    }

    @Test
    void aParameterThatTheStepBreaksIsNamed() {
        Optimizer wild = new SGD(3e38).withWeightDecay(100);
        assertThat(outcome(Toy.mlp(), wild, toy.batches(Toy.mlp(), 9, 9, 9, 9), runner -> {}))
                .matches("step 1: parameter 0\\.weight is -?Infinity at \\[0, \\d+]; the optimizer step made it, "
                        + "in layer 0 Linear\\(7, 19\\); a smaller learning rate may help");
    }

    @Test
    void anEvaluationNamesTheLayerThoughItsSlotsAreGivenUp() {
        Model model = Toy.mlp();
        Batch batch = toy.batches(model, 9).getFirst();
        List<String> outcomes = new ArrayList<>();
        for (PipelineSpec spec : everyWay(model, new SGD(0.1))) {
            try (InProcessRunner runner = new InProcessRunner(spec, core)) {
                runner.train(1, batch.inputs(), batch.targets());
                fill(runner, "2.bias", Float.POSITIVE_INFINITY);
                outcomes.add(message(() -> runner.evaluate(1, batch.inputs(), batch.targets())));
            }
        }
        assertThat(outcomes)
                .containsOnly(
                        "evaluation after step 1, micro-batch 0: the loss is NaN; it began in layer 2 Linear(19, 13), "
                                + "whose output is Infinity at [0, 0]; a smaller learning rate may help");
    }

    /** Trains in every way that there is, which must end alike; how it ends. */
    private String outcome(Model model, Optimizer optimizer, List<Batch> batches, Consumer<InProcessRunner> prepare) {
        List<String> outcomes = everyWay(model, optimizer).stream()
                .map(spec -> outcome(spec, batches, prepare))
                .distinct()
                .toList();
        assertThat(outcomes).hasSize(1);
        return outcomes.getFirst();
    }

    private String outcome(PipelineSpec spec, List<Batch> batches, Consumer<InProcessRunner> prepare) {
        try (InProcessRunner runner = new InProcessRunner(spec, core)) {
            prepare.accept(runner);
            for (int step = 1; step <= batches.size(); step++) {
                Batch batch = batches.get(step - 1);
                int now = step;
                String failure = message(() -> runner.train(now, batch.inputs(), batch.targets()));
                if (!failure.isEmpty()) {
                    return failure;
                }
            }
            return "trained " + runner.stateHash();
        }
    }

    private static String message(Runnable run) {
        try {
            run.run();
            return "";
        } catch (NonFiniteException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** Every partition, with every schedule, split backwards included, and with steps that wait for a norm that bounds nothing. */
    private static List<PipelineSpec> everyWay(Model model, Optimizer optimizer) {
        List<PipelineSpec> specs = new ArrayList<>();
        int cuts = model.nodes().size() - 1;
        for (int mask = 0; mask < 1 << cuts; mask++) {
            List<Integer> bounds = new ArrayList<>(List.of(0));
            for (int cut = 0; cut < cuts; cut++) {
                if ((mask >> cut & 1) == 1) {
                    bounds.add(cut + 1);
                }
            }
            bounds.add(model.nodes().size());
            for (Schedule schedule : List.of(
                    new OneForwardOneBackward(),
                    new GPipe(),
                    new SplitBackward(true),
                    new RandomOrder(RandomOrder.Ranks.LOOPED, 3),
                    new RandomOrder(RandomOrder.Ranks.VEE, 4))) {
                PipelineSpec spec =
                        Toy.with(Toy.spec(model, optimizer, new Partition(bounds), 9, MICROBATCHES), schedule);
                Recipe summing = spec.recipe().withClipGradNorm(new ClipGradNorm(Float.MAX_VALUE));
                specs.addAll(List.of(
                        spec,
                        new PipelineSpec(summing, spec.partition(), schedule),
                        spec.withRecomputing(new Recompute.All().stages(spec))));
            }
        }
        return specs;
    }

    private List<Batch> constant(Model model) {
        List<Batch> batches = toy.batches(model, 9, 9, 9, 9);
        for (Batch batch : batches) {
            for (int i = 0; i < batch.inputs().elements(); i++) {
                batch.inputs().setFloat(i, 1);
            }
            for (int i = 0; i < 9; i++) {
                batch.targets().setInt(i, 0);
            }
        }
        return batches;
    }

    /** Without it the gradients of all classes, whose sum is 0, cancel each other. */
    private static void oneClassNegative(InProcessRunner runner) {
        Tensor weight = tensor(runner, "3.weight");
        for (int i = 0; i < 4; i++) {
            weight.setFloat(i, -weight.getFloat(i));
        }
    }

    private static void fill(InProcessRunner runner, Object... namesAndValues) {
        for (int i = 0; i < namesAndValues.length; i += 2) {
            Tensor tensor = tensor(runner, (String) namesAndValues[i]);
            float value = ((Number) namesAndValues[i + 1]).floatValue();
            for (int element = 0; element < tensor.elements(); element++) {
                tensor.setFloat(element, value);
            }
        }
        Window window = new Window(0, Window.Phase.TRAIN, 1, 1, 1, 1.0);
        runner.computes()
                .forEach(compute -> compute.finishWindow(window)); // weights were written: packed ones are packed again
    }

    private static Tensor tensor(InProcessRunner runner, String name) {
        return Objects.requireNonNull(runner.tensors().get(name), name);
    }
}
