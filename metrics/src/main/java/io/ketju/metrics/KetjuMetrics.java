package io.ketju.metrics;

import io.ketju.actors.job.Measured;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The numbers of runs as meters of Micrometer, named by its conventions: {@code
 * Ketju.start(job, new KetjuMetrics(registry))}. All have the tag {@code job}, the name of the run's job.
 *
 * <table>
 * <caption>Meters</caption>
 * <tr><td>{@code ketju.steps}, {@code ketju.samples}, {@code ketju.epochs}, {@code ketju.checkpoints}, {@code ketju.restarts}</td>
 *     <td>counters of what this start of the run has done</td></tr>
 * <tr><td>{@code ketju.step}, {@code ketju.epoch}, {@code ketju.workers}</td><td>gauges: where the run is, and over how many JVMs</td></tr>
 * <tr><td>{@code ketju.measured}</td><td>gauge of each number that is told, by the tags {@code metric} ({@code loss}, {@code accuracy}, ...) and {@code
 *     phase} ({@code step}, {@code train}, {@code test})</td></tr>
 * <tr><td>{@code ketju.throughput}</td><td>gauge, samples per second</td></tr>
 * <tr><td>{@code ketju.bubble}</td><td>gauge, share of the compute threads' time that no stage used, 0 to 1</td></tr>
 * <tr><td>{@code ketju.epoch.duration}</td><td>timer</td></tr>
 * <tr><td>{@code ketju.repartition.stall}</td><td>timer: how long no step was taken while layers moved between stages</td></tr>
 * </table>
 *
 * One object may hear of several runs, one after the other. Runs that go on at the same time take one object each, which may have the
 * same registry.
 */
public final class KetjuMetrics implements TrainingListener {
    private static final String JOB = "job";

    private final MeterRegistry registry;
    private final Map<String, AtomicReference<Double>> gauges = new ConcurrentHashMap<>();
    private final Map<String, String> descriptions = Map.of(
            "ketju.step", "Optimizer steps taken in all",
            "ketju.epoch", "Data epoch, from 1",
            "ketju.workers", "JVMs that hold stages",
            "ketju.measured", "What was measured last, by name and phase",
            "ketju.throughput", "Samples per second, over the last second or so",
            "ketju.bubble", "Share of the compute threads' time that no stage used");
    private Tags tags = Tags.of(JOB, "");

    /**
     * Meters that are made as the run tells of them.
     *
     * @param registry the program's own; its meters stay there when the run is over
     */
    public KetjuMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public synchronized void on(TrainingEvent event) {
        switch (event) {
            case TrainingEvent.WaitingForWorkers waiting -> {
                // Nothing is trained yet.
            }
            case TrainingEvent.Started started -> {
                tags = Tags.of(JOB, started.job().name());
                set("ketju.workers", tags, started.workers());
                set("ketju.step", tags, started.firstStep() - 1.0);
            }
            case TrainingEvent.Restarted again -> {
                count("ketju.restarts", "Starts after the loss of a worker", 1);
                set("ketju.workers", tags, again.workers());
            }
            case TrainingEvent.Repartitioned moved -> {
                Timer.builder("ketju.repartition.stall")
                        .description("Time without a step while layers moved between stages")
                        .tags(tags)
                        .register(registry)
                        .record(moved.stall().total());
                set("ketju.workers", tags, moved.workers());
            }
            case TrainingEvent.StepFinished step -> {
                count("ketju.steps", "Optimizer steps", 1);
                count("ketju.samples", "Samples learnt from", step.samples());
                set("ketju.step", tags, (double) step.step());
                set("ketju.epoch", tags, step.epoch());
                set("ketju.throughput", tags, step.samplesPerSecond());
                set("ketju.bubble", tags, step.bubble());
                measured("step", step.numbers());
            }
            case TrainingEvent.EpochFinished epoch -> {
                count("ketju.epochs", "Data epochs", 1);
                Timer.builder("ketju.epoch.duration")
                        .description("Data epochs, their evaluation included")
                        .tags(tags)
                        .register(registry)
                        .record(epoch.duration());
                measured("train", epoch.train());
                measured("test", epoch.test());
            }
            case TrainingEvent.CheckpointCommitted checkpoint -> count("ketju.checkpoints", "Checkpoints committed", 1);
        }
    }

    private void measured(String phase, Measured measured) {
        measured.values()
                .forEach((metric, value) -> set("ketju.measured", tags.and("metric", metric, "phase", phase), value));
    }

    private void count(String name, String description, double more) {
        Counter.builder(name)
                .description(description)
                .tags(tags)
                .register(registry)
                .increment(more);
    }

    private void set(String name, Tags of, double value) {
        gauges.computeIfAbsent(name + of, key -> {
                    AtomicReference<Double> held = new AtomicReference<>(value);
                    Gauge.builder(name, held, AtomicReference::get)
                            .description(descriptions.getOrDefault(name, ""))
                            .tags(of)
                            .register(registry);
                    return held;
                })
                .set(value);
    }
}
