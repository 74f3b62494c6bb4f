package io.ketju.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingListener;
import io.ketju.actors.run.Training;
import io.ketju.layers.model.HeadMetric;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.stage.InProcessRunner;
import io.ketju.pipeline.stage.WindowMetrics;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.memory.TensorArena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * What a training of a network gives.
 *
 * @param losses of every step, by the name of the loss
 */
record NetworkRun(Map<String, List<Double>> losses, String stateSha256) {
    /** Of float32 against float64, after ten steps. */
    private static final double TOLERANCE = 1e-5;

    /** By the plain loop on this thread: in each step one window for every objective, in turn, over the same mini-batch. */
    static NetworkRun inProcess(Network network, PipelineSpec spec, TensorCore core) {
        try (InProcessRunner runner = new InProcessRunner(spec, core);
                TensorArena arena = new TensorArena(1 << 18)) {
            runner.load(Network.read(network.weights(), arena));
            Map<String, List<Double>> losses = new TreeMap<>();
            List<Map<String, Tensor>> batches = network.batches(arena);
            int objectives = Math.max(1, spec.recipe().objectives().size());
            for (int step = 1; step <= Network.STEPS; step++) {
                for (int objective = 0; objective < objectives; objective++) {
                    WindowMetrics metrics = runner.train(objective, step, batches.get(step - 1));
                    if (metrics.steps().norms() > 0) {
                        add(losses, HeadMetric.GRAD_NORM, metrics.steps().normSum());
                    }
                    metrics.heads()
                            .forEach((head, measured) -> add(
                                    losses,
                                    spec.model().heads().get(head).name(),
                                    measured.lossSum() / measured.weight()));
                }
            }
            return new NetworkRun(losses, runner.stateHash());
        }
    }

    /** As a job, by what starts it for a listener. */
    static NetworkRun ofJob(TrainingJob job, BiFunction<TrainingJob, TrainingListener, Training> start) {
        Map<String, List<Double>> losses = new TreeMap<>();
        TrainingListener listener = event -> {
            if (event instanceof TrainingEvent.StepFinished step) {
                job.model().heads().forEach(head -> {
                    String told = job.model().heads().size() == 1 ? "loss" : head.name() + "/loss";
                    step.metrics().get(told).ifPresent(loss -> add(losses, head.name(), loss));
                });
                step.metrics().get(HeadMetric.GRAD_NORM).ifPresent(norm -> add(losses, HeadMetric.GRAD_NORM, norm));
            }
        };
        try (Training training = start.apply(job, listener)) {
            return new NetworkRun(losses, training.await().stateSha256());
        }
    }

    private static void add(Map<String, List<Double>> losses, String name, double loss) {
        losses.computeIfAbsent(name, absent -> new ArrayList<>()).add(loss);
    }

    /** All losses must be those of PyTorch. */
    void requireLossesOf(Network network) {
        assertThat(losses).hasSameSizeAs(network.losses());
        network.losses().forEach((name, expected) -> {
            assertThat(losses.get(name)).as("%s, %s", network, name).hasSize(Network.STEPS);
            for (int step = 0; step < Network.STEPS; step++) {
                assertThat(Objects.requireNonNull(losses.get(name)).get(step))
                        .as("%s, %s of step %d", network, name, step + 1)
                        .isCloseTo(expected.get(step), within(TOLERANCE * expected.get(step)));
            }
        });
    }
}
