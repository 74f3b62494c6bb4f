package io.ketju.benchmarks.pipeline;

import io.ketju.actors.job.TrainingJob;
import io.ketju.cluster.KetjuCluster;
import io.ketju.cluster.link.DataPath;
import io.ketju.cluster.node.ClusterOptions;
import io.ketju.deploy.launch.Address;
import io.ketju.deploy.launch.LocalWorkers;
import io.ketju.deploy.launch.ParentWatch;
import io.ketju.pipeline.partition.Partition;
import java.time.Duration;
import java.util.List;

/** A run over processes of the real command line, a stage and one compute thread in each; this JVM directs and feeds it. */
final class ProcessPipeline implements PipelinedWork {
    private static final String HOST = "127.0.0.1";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final LocalWorkers workers;
    private final RunningJob running;

    private ProcessPipeline(LocalWorkers workers, RunningJob running) {
        this.workers = workers;
        this.running = running;
    }

    /** Starts workers and a run over them. The batches stay the caller's. */
    static ProcessPipeline start(PipelineWork work, Partition cut, int microbatches, WorkBatches batches) {
        Gate gate = new Gate();
        TrainingJob job = PipelineJobs.job(
                work,
                microbatches,
                batches,
                gate,
                more -> more.stageBounds(cut.bounds()).threads(1));
        Address meeting = Address.free(HOST);
        LocalWorkers workers = LocalWorkers.start(cut.stages(), arguments(meeting));
        try {
            ClusterOptions options = new ClusterOptions(
                    HOST,
                    meeting.port(),
                    List.of(meeting.toString()),
                    cut.stages(),
                    PATIENCE,
                    DataPath.AUTO,
                    workers,
                    java.util.Optional.empty());
            return new ProcessPipeline(
                    workers,
                    new RunningJob(job, gate, (started, listener) -> KetjuCluster.start(started, options, listener)));
        } catch (RuntimeException e) {
            workers.close();
            throw e;
        }
    }

    private static List<String> arguments(Address meeting) {
        return List.of("node", "--seed-node", meeting.toString(), "--host", HOST, "--threads", "1", ParentWatch.OPTION);
    }

    @Override
    public RunningJob running() {
        return running;
    }

    @Override
    public void close() {
        try (workers) {
            running.close();
        }
    }
}
