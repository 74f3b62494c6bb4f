package io.ketju.deploy.command;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.measure.HopMeasurement;
import io.ketju.actors.measure.LayerMeasurement;
import io.ketju.actors.measure.RunStart;
import io.ketju.actors.measure.SpeedMeasurement;
import io.ketju.actors.measure.TrialRun;
import io.ketju.cluster.KetjuCluster;
import io.ketju.cluster.link.DataPath;
import io.ketju.deploy.launch.Address;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.choice.LayerTimes;
import io.ketju.pipeline.choice.Overhead;
import io.ketju.pipeline.choice.ScheduleChoice;
import io.ketju.pipeline.choice.ScheduleComparison;
import io.ketju.pipeline.choice.Workers;
import io.ketju.tensor.ByteSize;
import io.ketju.tensor.Excerpt;
import io.ketju.tensor.Plural;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code ketju plan} measures, and who is to run the job. */
final class MeasureOptions {
    /** Of four parts, in which layers are measured. */
    private static final Duration LAYERS = Duration.ofMillis(1500);

    /** Of each run over a link or a worker, and of the job in this JVM, where its layers are compiled already. */
    private static final Duration RUN = Duration.ofSeconds(3);

    /** Of what is foretold of steps in processes that have just begun: until they are fast takes most of it. */
    private static final Duration COLD = Duration.ofSeconds(12);

    private static final String HOP = "--hop";
    private static final String SPEEDS = "--worker-speeds";
    private static final String MEMORY = "--worker-memory";

    /**
     * What is known of layers and workers.
     *
     * @param measured what comes beside layers, without what a run of the job has shown
     * @param between what a hop lies between
     */
    record Measurement(LayerTimes times, Workers workers, Overhead measured, String between) {
        /** Nothing but what the model of costs says. */
        static Measurement modelled(TrainingJob job) {
            return new Measurement(LayerTimes.modelled(job.pipeline()), Workers.ALIKE, Overhead.NONE, "");
        }
    }

    @Option(
            names = "--measure",
            description = "Time the job's layers here for some seconds, on one thread, and cut the model by that.")
    private boolean measure;

    @Option(
            names = HOP,
            paramLabel = "WHERE",
            description =
                    "With --measure, where the time of a hop is taken: jvm, the default, or between two processes of"
                            + " this machine: processes, as they are, or sockets.")
    private @Nullable String hop;

    @Option(
            names = "--cluster",
            paramLabel = "HOST:PORT",
            description =
                    "With --measure, take a hop and the speed of every rank's worker from the workers that join this"
                            + " address.")
    private @Nullable String cluster;

    @Option(
            names = SPEEDS,
            paramLabel = "A,B,..",
            description = "With --measure, how fast the worker of every rank is; 1 is a thread of this machine.")
    private @Nullable String speeds;

    @Option(
            names = MEMORY,
            paramLabel = "SIZE,..",
            description =
                    "With --measure, most that the worker of every rank may hold, one for all or one for each: 512MiB.")
    private @Nullable String memory;

    boolean asked() {
        return measure;
    }

    /**
     * Checks all that can be before anything starts; throws {@link InvalidJobException}.
     *
     * @param cutByHand whether the job's cut stays, whatever workers hold
     */
    void check(TrainingJob job, boolean cutByHand) {
        requireMeasured(HOP, hop);
        requireMeasured("--cluster", cluster);
        requireMeasured(SPEEDS, speeds);
        requireMeasured(MEMORY, memory);
        if (cluster != null) {
            Address.parse("--cluster", cluster);
            if (hop != null) {
                throw new InvalidJobException(
                        HOP + ": expected no --cluster beside it, which takes it from its workers, found " + hop);
            }
        }
        hopWhere();
        int ranks = job.pipeline().placement().ranks();
        fitting(SPEEDS, new Workers(speeds(), List.of()), ranks);
        Workers holding = new Workers(List.of(), memory(ranks));
        fitting(MEMORY, holding, ranks);
        if (holding.limited() && !cutByHand) {
            requireCut(job.pipeline(), holding);
        }
    }

    /** Whether there is a cut at all does not depend on what anything takes. */
    private static void requireCut(PipelineSpec job, Workers holding) {
        LayerTimes times = LayerTimes.modelled(job);
        if (job.schedule() instanceof ScheduleChoice) {
            try {
                ScheduleComparison.of(job, times, holding);
            } catch (IllegalArgumentException e) {
                throw new InvalidJobException(MEMORY + ": " + e.getMessage(), e);
            }
        } else if (times.balanced(job, holding).isEmpty()) {
            throw new InvalidJobException(MEMORY + ": expected sizes that some cut of the model fits, found none of "
                    + Plural.of(job.stages(), "stage") + " under "
                    + job.schedule().name()
                    + "; give more, raise --stages, or --recompute");
        }
    }

    private void requireMeasured(String flag, @Nullable String value) {
        if (value != null && !measure) {
            throw new InvalidJobException(flag + ": expected --measure beside it, found none");
        }
    }

    private static void fitting(String flag, Workers workers, int ranks) {
        try {
            workers.requireFit(ranks);
        } catch (IllegalArgumentException e) {
            throw new InvalidJobException(flag + ": " + e.getMessage(), e);
        }
    }

    private List<Double> speeds() {
        if (speeds == null) {
            return List.of();
        }
        return Arrays.stream(speeds.split(",", -1)).map(MeasureOptions::speed).toList();
    }

    private static double speed(String text) {
        if (!text.strip().matches("\\d{1,6}(\\.\\d{1,6})?") || Double.parseDouble(text) == 0) {
            throw new InvalidJobException(
                    SPEEDS + ": expected numbers above 0 such as 1,0.5, found \"" + Excerpt.of(text) + "\"");
        }
        return Double.parseDouble(text);
    }

    private List<Long> memory(int ranks) {
        if (memory == null) {
            return List.of();
        }
        try {
            List<Long> sizes =
                    Arrays.stream(memory.split(",", -1)).map(ByteSize::parse).toList();
            return sizes.size() == 1 ? Collections.nCopies(ranks, sizes.getFirst()) : sizes;
        } catch (IllegalArgumentException e) {
            throw new InvalidJobException(MEMORY + ": " + e.getMessage(), e);
        }
    }

    private String hopWhere() {
        String where = hop == null ? "jvm" : hop;
        if (!List.of("jvm", "processes", "sockets").contains(where)) {
            throw new InvalidJobException(
                    HOP + ": expected jvm, processes or sockets, found \"" + Excerpt.of(where) + "\"");
        }
        return where;
    }

    /** Takes some seconds. */
    Measurement measure(TrainingJob job) {
        int ranks = job.pipeline().placement().ranks();
        if (cluster != null) {
            return atWorkers(job, Address.parse("--cluster", cluster), ranks);
        }
        Workers workers = new Workers(speeds(), memory(ranks));
        return switch (hopWhere()) {
            case "processes" -> overProcesses(job, workers, DataPath.AUTO, "processes of this machine");
            case "sockets" -> overProcesses(job, workers, DataPath.SOCKETS, "processes of this machine over sockets");
            default -> {
                LayerTimes layers = LayerMeasurement.of(job, LAYERS, new Overhead(HopMeasurement.inThisJvm(), 0, 1));
                yield new Measurement(
                        tried(job, layers, workers, Ketju::start, RUN), workers, layers.overhead(), "ranks of one JVM");
            }
        };
    }

    private Measurement atWorkers(TrainingJob job, Address address, int ranks) {
        List<Double> known = speeds();
        List<Double> measured = known.isEmpty() ? SpeedMeasurement.of(ranks, over(address, ranks), RUN) : known;
        Workers workers = new Workers(measured, memory(ranks));
        Overhead overhead = ranks == 1 ? Overhead.NONE : HopMeasurement.between(over(address, 2), COLD);
        LayerTimes layers = LayerMeasurement.of(job, LAYERS, overhead);
        return new Measurement(
                TrialRun.fit(job, layers, workers, over(address, ranks), COLD),
                workers,
                overhead,
                ranks == 1 ? "workers" : "two workers at " + address);
    }

    private static RunStart over(Address address, int workers) {
        return (job, listener) -> KetjuCluster.start(job, ClusterFlags.driver(address, workers), listener);
    }

    private static Measurement overProcesses(TrainingJob job, Workers workers, DataPath path, String between) {
        int ranks = job.pipeline().placement().ranks();
        // Launched workers end with their run.
        try (LaunchedCluster one = LaunchedCluster.start(2, 1, path, List.of());
                LaunchedCluster other = LaunchedCluster.start(2, 1, path, List.of())) {
            Iterator<LaunchedCluster> next = List.of(one, other).iterator();
            Overhead overhead = HopMeasurement.between(
                    (chain, listener) -> KetjuCluster.start(chain, next.next().options(), listener), COLD);
            LayerTimes layers = LayerMeasurement.of(job, LAYERS, overhead);
            try (LaunchedCluster all = LaunchedCluster.start(ranks, 1, path, List.of())) {
                RunStart start = (trial, listener) -> KetjuCluster.start(trial, all.options(), listener);
                return new Measurement(tried(job, layers, workers, start, COLD), workers, overhead, between);
            }
        }
    }

    /** Speeds that were given are those of other workers, who are not here. */
    private static LayerTimes tried(
            TrainingJob job, LayerTimes layers, Workers workers, RunStart start, Duration each) {
        return workers.speeds().isEmpty() ? TrialRun.fit(job, layers, workers, start, each) : layers;
    }
}
