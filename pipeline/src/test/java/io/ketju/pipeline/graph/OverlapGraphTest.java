package io.ketju.pipeline.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.layers.model.Model;
import io.ketju.layers.optimizer.Adam;
import io.ketju.layers.optimizer.AdamW;
import io.ketju.layers.optimizer.ClipGradNorm;
import io.ketju.layers.optimizer.ConstantLR;
import io.ketju.layers.optimizer.CosineAnnealingLR;
import io.ketju.layers.optimizer.LearningRateSchedule;
import io.ketju.layers.optimizer.Optimizer;
import io.ketju.layers.optimizer.ParameterGroup;
import io.ketju.layers.optimizer.ParameterGroups;
import io.ketju.layers.optimizer.SGD;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.Recipe;
import io.ketju.pipeline.StepRules;
import io.ketju.pipeline.catalogue.NoStash;
import io.ketju.pipeline.catalogue.PipeDream;
import io.ketju.pipeline.catalogue.PipeDream2BW;
import io.ketju.pipeline.catalogue.PipeMare;
import io.ketju.pipeline.catalogue.WeightPrediction;
import io.ketju.pipeline.graph.NaiveVersions.Kind;
import io.ketju.pipeline.graph.NaiveVersions.Rules;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.stage.InProcessRunner;
import io.ketju.pipeline.stage.NonFiniteException;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.core.TensorCoreOptions;
import io.ketju.tensor.core.TensorCoreOptions.KernelChoice;
import io.ketju.tensor.memory.TensorArena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Overlapping windows give the bits of the plainest loop that takes one mini-batch after another on the weights that the plan
 * says: random graphs with ties, batch statistics and noise, every cut, ragged mini-batches, several stretches.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OverlapGraphTest {
    private static final int GRAPHS = Integer.getInteger("ketju.test.overlaps", 400);
    private static final long SEED = 7;
    /** Of rates that fall all the way. */
    static final long TOTAL_STEPS = 40;

    private static final SGD OPTIMIZER = new SGD(0.01).withMomentum(0.9);
    private static final List<Optimizer> PREDICTING =
            List.of(OPTIMIZER, new Adam(0.002), new AdamW(0.002, 0.9, 0.99, 1e-8, 0.1, false, false));

    /** A schedule, and what is known of it without it. */
    private record Method(Schedule schedule, boolean ofMicrobatches, Rules rules) {
        Method(Schedule schedule, boolean ofMicrobatches, NaiveVersions.Delay delay, Kind kind) {
            this(schedule, ofMicrobatches, new Rules(delay, kind, 0, 0));
        }
    }

    private static final List<Method> METHODS = List.of(
            new Method(new PipeDream(false), true, (p, r) -> p - 1 - r, Kind.STASHED),
            new Method(new PipeDream(true), true, (p, r) -> p - 1, Kind.STASHED),
            new Method(new PipeDream2BW(), false, (p, r) -> 1, Kind.STASHED),
            new Method(new WeightPrediction(), true, (p, r) -> p - 1 - r, Kind.PREDICTED),
            new Method(new PipeMare(7, 0.135), true, new Rules((p, r) -> p - 1 - r, Kind.CORRECTED, 0.135, 7)),
            new Method(new PipeMare(0, 0.5), true, new Rules((p, r) -> p - 1 - r, Kind.CORRECTED, 0.5, 0)),
            new Method(new NoStash(), true, (p, r) -> p - 1 - r, Kind.NEWEST));

    /** Of a full mini-batch. */
    private static final int SAMPLES = 6;

    private final TensorArena arena = new TensorArena(1 << 18);
    private TensorCore core;

    @BeforeAll
    void open() {
        core = TensorCore.open(new TensorCoreOptions(1, KernelChoice.SCALAR));
    }

    @AfterAll
    void close() {
        core.close();
        arena.close();
    }

    @Test
    void overlappingWindowsTrainTheBitsOfThePlainLoop() {
        Map<Schedule, Set<String>> results = new HashMap<>();
        int clipped = 0;
        int tied = 0;
        int stale = 0;
        int diverged = 0;
        for (int seed = 0; seed < GRAPHS; seed++) {
            Random random = new Random(seed);
            arena.reset();
            int layers = 2 + random.nextInt(5);
            Model model = RandomGraph.of(seed, layers, random.nextBoolean(), true);
            Method method = METHODS.get(seed % METHODS.size());
            int microbatches = method.ofMicrobatches() ? 1 : 1 + random.nextInt(5);
            if (RandomGraph.needsPairs(model)) {
                microbatches = Math.min(microbatches, 2);
            }
            List<List<Map<String, Tensor>>> stretches = stretches(random, SAMPLES, RandomGraph.needsPairs(model));
            Optional<ClipGradNorm> clip = method.ofMicrobatches() || random.nextBoolean()
                    ? Optional.empty()
                    : Optional.of(new ClipGradNorm(0.2));
            ParameterGroups groups = groups(random, model);
            LearningRateSchedule rates = random.nextBoolean() ? new ConstantLR() : new CosineAnnealingLR();
            Partition partition = partition(random, layers);
            Recipe recipe = grouped(recipe(model, groups, rates, microbatches), seed);
            PipelineSpec spec =
                    new PipelineSpec(clip.map(recipe::withClipGradNorm).orElse(recipe), partition, method.schedule());
            boolean again = method.rules().kind() == Kind.STASHED && random.nextBoolean();
            spec = again ? spec.withRecomputing(someStages(random, spec.stages())) : spec;
            String as = "seed " + seed + ", " + method.schedule() + ", " + partition + ", " + recipe.gradientGroups()
                    + ", recomputing " + spec.recomputing() + ", " + groups + ", " + model;
            try (NaiveVersions naive = new NaiveVersions(
                            model, groups, rates, SEED, clip.map(ClipGradNorm::maxNorm), partition, method.rules());
                    InProcessRunner runner = new InProcessRunner(spec, core)) {
                naive.inGroups(recipe.gradientGroups().count(), microbatches);
                int step = 1;
                for (List<Map<String, Tensor>> stretch : stretches) {
                    naive.stretch(step, stretch, microbatches);
                    assertThat(runner.trainStretch(step, stretch)).hasSameSizeAs(stretch);
                    assertThat(runner.stateHash()).as(as).isEqualTo(naive.stateHash());
                    runner.evaluate(step, stretch.getFirst());
                    step += stretch.size();
                }
                assertThat(runner.stateHash()).as(as).isEqualTo(naive.stateHash());
                results.computeIfAbsent(method.schedule(), key -> new HashSet<>())
                        .add(runner.stateHash());
                stale += runner.computes().getFirst().staleness().size() > 1 ? 1 : 0;
            } catch (NonFiniteException e) {
                diverged++;
            } catch (RuntimeException e) {
                throw new AssertionError(as, e);
            }
            clipped += clip.isPresent() ? 1 : 0;
            tied += spec.program(0).ties().uses().isEmpty() ? 0 : 1;
        }
        assertThat(diverged).as("graphs whose products of products diverge").isLessThan(GRAPHS / 50);
        assertThat(results).hasSize(METHODS.size());
        assertThat(clipped).as("with a bounded norm").isGreaterThan(GRAPHS / 20);
        assertThat(tied).as("with parameters that stages share").isGreaterThan(GRAPHS / 40);
        assertThat(stale).as("with weights of an earlier version").isGreaterThan(GRAPHS / 3);
    }

    private static Recipe grouped(Recipe recipe, int seed) {
        int groups = 1 + new Random(17L * seed).nextInt(recipe.microbatches());
        return recipe.with(StepRules.NONE.inGroups(groups));
    }

    private static Recipe recipe(Model model, ParameterGroups groups, LearningRateSchedule rates, int microbatches) {
        return new Recipe(
                        model,
                        new CrossEntropyLoss(),
                        groups.otherwise(),
                        rates,
                        SAMPLES,
                        microbatches,
                        TOTAL_STEPS,
                        SEED)
                .withGroups(groups.groups());
    }

    /** Half of the time, some weights are frozen. */
    private static ParameterGroups groups(Random random, Model model) {
        List<ParameterGroup> groups = new ArrayList<>();
        if (random.nextBoolean() && model.weights().size() > 1) {
            groups.add(new ParameterGroup(
                    model.weights().get(random.nextInt(model.weights().size())), Optional.<Optimizer>empty()));
        }
        return new ParameterGroups(groups, PREDICTING.get(random.nextInt(PREDICTING.size())));
    }

    private static Set<Integer> someStages(Random random, int stages) {
        Set<Integer> some = new HashSet<>(Set.of(random.nextInt(stages)));
        some.add(random.nextInt(stages));
        return some;
    }

    private static Partition partition(Random random, int layers) {
        List<Integer> bounds = new ArrayList<>(List.of(0));
        for (int place = 1; place < layers; place++) {
            if (random.nextInt(3) > 0) {
                bounds.add(place);
            }
        }
        bounds.add(layers);
        return new Partition(bounds);
    }

    /** Up to three, of one to eight mini-batches, some with fewer samples. */
    private List<List<Map<String, Tensor>>> stretches(Random random, int samples, boolean pairs) {
        List<List<Map<String, Tensor>>> stretches = new ArrayList<>();
        for (int count = 1 + random.nextInt(3); count > 0; count--) {
            List<Map<String, Tensor>> stretch = new ArrayList<>();
            for (int windows = 1 + random.nextInt(8); windows > 0; windows--) {
                boolean ragged = random.nextInt(4) == 0;
                stretch.add(batch(random, ragged ? (pairs ? 4 : 1 + random.nextInt(samples)) : samples));
            }
            stretches.add(stretch);
        }
        return stretches;
    }

    private Map<String, Tensor> batch(Random random, int samples) {
        Tensor x = arena.allocate(Shape.of(samples, RandomGraph.WIDTH));
        for (int i = 0; i < x.elements(); i++) {
            x.setFloat(i, 0.5f * (float) random.nextGaussian());
        }
        return Map.of(
                "x", x,
                "token", ints(random, samples, RandomGraph.TOKENS),
                "length", ints(random, samples, RandomGraph.WIDTH + 1),
                "target", ints(random, samples, RandomGraph.WIDTH),
                "second", ints(random, samples, RandomGraph.WIDTH));
    }

    private Tensor ints(Random random, int samples, int bound) {
        Tensor tensor = arena.allocate(DType.INT32, Shape.of(samples));
        for (int i = 0; i < samples; i++) {
            tensor.setInt(i, random.nextInt(bound));
        }
        return tensor;
    }
}
