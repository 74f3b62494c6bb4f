package io.ketju.deploy.command;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.TrainingJob;
import io.ketju.cluster.link.DataPath;
import io.ketju.cluster.node.ClusterOptions;
import io.ketju.cluster.node.WorkerLauncher;
import io.ketju.deploy.launch.Address;
import io.ketju.protocol.security.NodeCredentials;
import io.ketju.tensor.Excerpt;
import io.ketju.tensor.Plural;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How flags become cluster options. */
final class ClusterFlags {
    /** How long workers may take to join. */
    static final Duration JOIN_TIMEOUT = Duration.ofSeconds(60);

    /** The flag for what tensors take between processes. */
    static final String DATA_PATH = "--data-path";

    /** What help says about it. */
    static final String DATA_PATH_HELP =
            "auto, shared memory between processes of one machine, or sockets alone; auto by default. Never changes the"
                    + " result.";

    private static final int MOST_WORKERS = 1000;

    private ClusterFlags() {}

    /** The driver opens the address itself unless a worker already has. */
    static ClusterOptions driver(Address address, int workers) {
        return driver(address, workers, address.host(), Optional.empty());
    }

    /**
     * The same.
     *
     * @param own host that workers reach the driver at
     */
    static ClusterOptions driver(Address address, int workers, String own, Optional<NodeCredentials> certificates) {
        int port = !own.equals(address.host()) || address.answers() ? 0 : address.port();
        return new ClusterOptions(
                own,
                port,
                List.of(address.toString()),
                workers,
                JOIN_TIMEOUT,
                DataPath.AUTO,
                WorkerLauncher.NONE,
                certificates);
    }

    /** What {@value #DATA_PATH} says. */
    static DataPath dataPath(String text) {
        return DataPath.of(text)
                .orElseThrow(() -> new InvalidJobException(
                        DATA_PATH + ": expected auto or sockets, found \"" + Excerpt.of(text) + "\""));
    }

    /** One worker per stage unless the flag says otherwise; more workers than stages would idle. */
    static int workers(@Nullable String flag, TrainingJob job) {
        return flag == null ? job.stages() : count("--workers", flag, job.stages());
    }

    /** A number of processes. */
    static int count(String flag, String text, int stages) {
        if (!text.matches("\\d{1,4}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > MOST_WORKERS) {
            throw new InvalidJobException(flag + ": expected a whole number from 1 to " + MOST_WORKERS + ", found \""
                    + Excerpt.of(text) + "\"");
        }
        int count = Integer.parseInt(text);
        if (count > stages) {
            throw new InvalidJobException(flag + ": expected at most one worker per stage, found " + count
                    + " workers for " + Plural.of(stages, "stage") + "; raise --stages");
        }
        return count;
    }
}
