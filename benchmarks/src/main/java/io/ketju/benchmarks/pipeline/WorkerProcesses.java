package io.ketju.benchmarks.pipeline;

import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingListener;
import io.ketju.actors.measure.HopMeasurement;
import io.ketju.actors.measure.RunStart;
import io.ketju.actors.run.Training;
import io.ketju.cluster.KetjuCluster;
import io.ketju.cluster.link.DataPath;
import io.ketju.cluster.node.ClusterOptions;
import io.ketju.deploy.launch.Address;
import io.ketju.deploy.launch.LocalWorkers;
import io.ketju.deploy.launch.ParentWatch;
import io.ketju.pipeline.choice.Overhead;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Processes of the real command line, one compute thread in each, which run one job. */
final class WorkerProcesses implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final LocalWorkers workers;
    private final ClusterOptions options;

    private WorkerProcesses(LocalWorkers workers, ClusterOptions options) {
        this.workers = workers;
        this.options = options;
    }

    /** Starts so many; they wait for a run. */
    static WorkerProcesses start(int count) {
        Address meeting = Address.free(HOST);
        LocalWorkers workers = LocalWorkers.start(
                count,
                List.of(
                        "node",
                        "--seed-node",
                        meeting.toString(),
                        "--host",
                        HOST,
                        "--threads",
                        "1",
                        ParentWatch.OPTION));
        return new WorkerProcesses(
                workers,
                new ClusterOptions(
                        HOST,
                        meeting.port(),
                        List.of(meeting.toString()),
                        count,
                        PATIENCE,
                        DataPath.AUTO,
                        workers,
                        Optional.empty()));
    }

    /** Starts a run over all of them. */
    Training run(TrainingJob job, TrainingListener listener) {
        return KetjuCluster.start(job, options, listener);
    }

    /** What a step takes beside its layers between two of them, by two runs of so long each. */
    static Overhead overhead(Duration each) {
        return withRuns(start -> HopMeasurement.between(start, each));
    }

    /** What comes of runs over two processes of their own each. */
    static <T> T withRuns(Function<RunStart, T> work) {
        List<WorkerProcesses> started = new ArrayList<>();
        try {
            return work.apply((job, listener) -> {
                started.add(start(2));
                return started.getLast().run(job, listener);
            });
        } finally {
            started.forEach(WorkerProcesses::close);
        }
    }

    @Override
    public void close() {
        workers.close();
    }
}
