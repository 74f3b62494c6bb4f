package io.ketju.deploy.command;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.TrainingJob;
import io.ketju.cluster.link.DataPath;
import io.ketju.cluster.node.ClusterOptions;
import io.ketju.cluster.node.WorkerLauncher;
import io.ketju.deploy.display.Terminal;
import io.ketju.deploy.launch.Address;
import io.ketju.protocol.security.NodeCredentials;
import io.ketju.tensor.Excerpt;
import io.ketju.tensor.Plural;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How flags become cluster options. */
final class ClusterFlags {
    /** How long workers may take to join, unless somebody says otherwise. */
    static final Duration JOIN_TIMEOUT = Duration.ofSeconds(60);

    /** The flag for that. */
    static final String JOIN = "--join-timeout";

    /** What help says about it. */
    static final String JOIN_HELP = "How long workers may take to join, in seconds; 60 by default.";

    /** The flag for what tensors take between processes. */
    static final String DATA_PATH = "--data-path";

    /** What help says about it. */
    static final String DATA_PATH_HELP =
            "auto, shared memory between processes of one machine, or sockets alone; auto by default. Never changes the"
                    + " result.";

    private static final int MOST_WORKERS = 1000;

    /** A week: longer than anybody waits. */
    private static final int LONGEST_JOIN = 604_800;

    private ClusterFlags() {}

    /** The driver opens the address itself unless a worker already has. */
    static ClusterOptions driver(Address address, int workers) {
        return driver(List.of(address), workers, address.host(), Optional.empty());
    }

    /**
     * The same where there are several. If nobody is at any, the driver opens the first that is its own; whoever else is to be at one
     * finds it there.
     *
     * @param own host that workers reach the driver at
     */
    static ClusterOptions driver(
            List<Address> meeting, int workers, String own, Optional<NodeCredentials> certificates) {
        Optional<Address> opened = meeting.stream()
                .filter(address -> address.host().equals(own))
                .findFirst()
                .filter(address -> meeting.stream().noneMatch(Address::answers));
        List<String> seeds =
                new ArrayList<>(meeting.stream().map(Address::toString).toList());
        opened.map(Address::toString).ifPresent(first -> {
            seeds.remove(first);
            seeds.addFirst(first);
        });
        return new ClusterOptions(
                own,
                opened.map(Address::port).orElse(0),
                seeds,
                workers,
                JOIN_TIMEOUT,
                DataPath.AUTO,
                WorkerLauncher.NONE,
                certificates);
    }

    /**
     * The same of a node that stands by. Where the cluster meets at one place, that is for others; of several it takes one of its own
     * that nobody is at, so that the cluster is found there when the driver's is gone.
     */
    static ClusterOptions standby(
            List<Address> meeting, int workers, String own, Optional<NodeCredentials> certificates) {
        int port = meeting.size() == 1
                ? 0
                : meeting.stream()
                        .filter(address -> address.host().equals(own) && !address.answers())
                        .findFirst()
                        .map(Address::port)
                        .orElse(0);
        return driver(meeting, workers, own, certificates).withPort(port);
    }

    /** Places to meet at, with commas between them. */
    static List<Address> meeting(String flag, String text, boolean certified) {
        return Address.meeting(flag, List.of(text.split("\\s*,\\s*", -1)), certified);
    }

    /** Says which of these nobody here knows: they may come, or be mistyped. */
    static void note(Terminal terminal, String where, List<Address> meeting) {
        for (Address address : meeting) {
            if (address.unknown()) {
                terminal.err()
                        .println("note: " + where + ": no host '" + Excerpt.of(address.host())
                                + "' is known here yet; looked for again and again");
                terminal.err().flush();
            }
        }
    }

    /** What {@value #JOIN} says. */
    static Duration joinTimeout(@Nullable String text) {
        if (text == null) {
            return JOIN_TIMEOUT;
        }
        if (!text.matches("\\d{1,6}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > LONGEST_JOIN) {
            throw new InvalidJobException(JOIN + ": expected whole seconds from 1 to " + LONGEST_JOIN + ", found \""
                    + Excerpt.of(text) + "\"");
        }
        return Duration.ofSeconds(Integer.parseInt(text));
    }

    /** What {@value #DATA_PATH} says. */
    static DataPath dataPath(String text) {
        return dataPath(DATA_PATH, text);
    }

    /**
     * The same.
     *
     * @param where what errors call it
     */
    static DataPath dataPath(String where, String text) {
        return DataPath.of(text)
                .orElseThrow(() -> new InvalidJobException(
                        where + ": expected auto or sockets, found \"" + Excerpt.of(text) + "\""));
    }

    /** Throws if the run is traced. */
    static void requireUntraced(TrainingJob job) {
        if (job.traced()) {
            throw new InvalidJobException(
                    "--cluster: expected a run that is not traced, found trace = true: workers may"
                            + " be on other machines; ketju launch traces over processes of this one");
        }
    }

    /** One worker per stage unless the flag says otherwise; more workers than stages would idle. */
    static int workers(@Nullable String flag, TrainingJob job) {
        return flag == null
                ? job.pipeline().allStages()
                : count("--workers", flag, job.pipeline().allStages());
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
