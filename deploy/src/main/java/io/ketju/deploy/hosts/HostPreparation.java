package io.ketju.deploy.hosts;

import io.ketju.cluster.node.InvalidClusterException;
import io.ketju.records.text.Units;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** Sees to it that every host can be reached and has the distribution: all at once, before anything starts. */
final class HostPreparation {
    private static final Duration CHECK = Duration.ofSeconds(30);
    private static final Duration COPY = Duration.ofMinutes(10);

    private final Ssh ssh;
    private final Distribution distribution;
    private final Consumer<String> lines;

    HostPreparation(Ssh ssh, Distribution distribution, Consumer<String> lines) {
        this.ssh = ssh;
        this.distribution = distribution;
        this.lines = lines;
    }

    /** Throws {@link InvalidClusterException} with one line about the first host, in the order of the file, that is not ready. */
    void prepare(List<WorkerHost> hosts) {
        List<Future<String>> troubles = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            hosts.forEach(host -> troubles.add(threads.submit(() -> trouble(host))));
            for (Future<String> trouble : troubles) {
                String line = trouble.get();
                if (!line.isEmpty()) {
                    throw new InvalidClusterException(line);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InvalidClusterException("interrupted while the hosts were prepared", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a host could not be prepared", e.getCause());
        }
    }

    /** Empty: it is ready. */
    private String trouble(WorkerHost host) {
        List<String> arguments = List.of(distribution.hash(), distribution.launcher());
        Ssh.Ended checked = ssh.run(host, HostScripts.CHECK, arguments, in -> {}, CHECK);
        String said = checked.out().strip();
        if (checked.code() != 0 || !List.of("present", "absent").contains(said)) {
            return host.where() + ": " + host.host()
                    + ": expected a host that ssh reaches without asking for anything, found: "
                    + (checked.code() == 0 ? "its shell prints more than it is asked for" : checked.why());
        }
        if (said.equals("present")) {
            return "";
        }
        Ssh.Ended copied = ssh.run(host, HostScripts.INSTALL, arguments, distribution::writeTo, COPY);
        if (copied.code() != 0) {
            return host.where() + ": " + host.host() + ": Ketju cannot be copied there: " + copied.why();
        }
        lines.accept(host.host() + ": copied Ketju, " + Units.bytes(distribution.bytes())
                + ", which stays there for the next time");
        return "";
    }
}
