package io.ketju.examples.lesson;

import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.run.Training;
import io.ketju.actors.run.TrainingSession;
import io.ketju.cluster.KetjuCluster;
import io.ketju.cluster.node.ClusterOptions;
import io.ketju.deploy.launch.Address;
import io.ketju.deploy.launch.LocalWorkers;
import java.time.Duration;
import java.util.List;

/** Two worker processes that serve sessions and runs of this JVM. */
public final class TwoWorkers implements AutoCloseable {
    private static final int COUNT = 2;
    private static final String HOST = "127.0.0.1";
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Address meeting = Address.free(HOST);
    private final LocalWorkers workers = LocalWorkers.start(
            COUNT, List.of("node", "--seed-node", meeting.toString(), "--host", HOST, "--threads", "1"));

    /** A session whose stages they hold; this JVM is where they meet. */
    public TrainingSession session(TrainingJob job) {
        return KetjuCluster.session(job, options());
    }

    /** A run whose stages they hold. */
    Training start(TrainingJob job) {
        return KetjuCluster.start(job, options());
    }

    private ClusterOptions options() {
        return new ClusterOptions(HOST, meeting.port(), List.of(meeting.toString()), COUNT, PATIENCE);
    }

    @Override
    public void close() {
        workers.close();
    }
}
