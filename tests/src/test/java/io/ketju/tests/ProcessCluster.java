package io.ketju.tests;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.TrainingJob;
import io.ketju.cluster.node.ClusterOptions;
import io.ketju.deploy.config.JobAssembly;
import io.ketju.deploy.config.JobFile;
import io.ketju.deploy.launch.Address;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Several processes of the real command line, one job, one folder. Workers meet at an address whose port the system
 * chose. Closing it kills whatever still runs.
 */
final class ProcessCluster implements AutoCloseable {
    private static final Pattern WORKER = Pattern.compile("worker (\\S+:\\d+) for the cluster at .*");

    private final Path folder;
    private final Path job;
    private final Launcher launcher;
    private final Address meeting = Address.free("127.0.0.1");
    private final List<ChildProcess> children = new ArrayList<>();

    /** A worker and where it listens. */
    record Worker(ChildProcess process, String address) {}

    /** A cluster in a folder, for a job file with these lines. */
    ProcessCluster(Path folder, String... jobLines) {
        this.folder = folder;
        this.job = folder.resolve("job.conf");
        this.launcher = Launcher.in(folder);
        try {
            Files.write(job, List.of(jobLines));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The job, as the command line reads it. */
    TrainingJob job() {
        return JobAssembly.build(JobFile.read(job));
    }

    /** Where everybody meets: {@code host:port}. */
    String meeting() {
        return meeting.toString();
    }

    /** For runs that this JVM directs over so many workers, of which one is at the meeting point. */
    ClusterOptions options(int workers) {
        return new ClusterOptions("127.0.0.1", 0, List.of(meeting()), workers, ChildProcess.PATIENCE);
    }

    /** Starts a worker; it joins when somebody is at the meeting point. */
    ChildProcess startWorker(String... jvmFlags) {
        return started(launcher.ketju(List.of(jvmFlags), "node", "--seed-node", meeting(), "--threads", "1"));
    }

    /** Starts the worker that is at the meeting point before anybody else. */
    ChildProcess startFirstWorker(String... jvmFlags) {
        return started(launcher.ketju(
                List.of(jvmFlags),
                "node",
                "--seed-node",
                meeting(),
                "--port",
                Integer.toString(meeting.port()),
                "--threads",
                "1"));
    }

    /** The same, told by a file where to meet, by its environment at which port, and by a flag with how many threads. */
    ChildProcess startFirstWorkerBySettings() {
        Path file = folder.resolve("node.conf");
        try {
            Files.writeString(file, "seeds = \"" + meeting() + "\"\nport = 1\nthreads = 7\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return started(launcher.with("KETJU_NODE_CONFIG", file.toString())
                .with("KETJU_NODE_PORT", Integer.toString(meeting.port()))
                .ketju("node", "--threads", "1"));
    }

    /** Waits until a worker listens. */
    Worker await(ChildProcess worker) {
        String line = worker.awaitLine(WORKER.asMatchPredicate());
        Matcher matcher = WORKER.matcher(line);
        if (!matcher.matches()) {
            throw new AssertionError(line);
        }
        return new Worker(worker, matcher.group(1));
    }

    /** Starts {@code ketju} with the job file as the first argument after the command. */
    ChildProcess startJob(String command, String... arguments) {
        return startJob(List.of(), command, arguments);
    }

    /** The same in JVMs with further flags. */
    ChildProcess startJob(List<String> jvmFlags, String command, String... arguments) {
        List<String> all = new ArrayList<>(List.of(command, job.toString()));
        Collections.addAll(all, arguments);
        return started(launcher.ketju(jvmFlags, all.toArray(String[]::new)));
    }

    /** Starts {@code ketju}. */
    ChildProcess start(String... arguments) {
        return started(launcher.ketju(arguments));
    }

    /** A folder for a run. */
    Path run(String name) {
        return folder.resolve(name);
    }

    /** Hash of the newest checkpoint of a run. */
    String stateOf(Path run) {
        return Ketju.state(run).sha256();
    }

    private ChildProcess started(ChildProcess child) {
        children.add(child);
        return child;
    }

    @Override
    public void close() {
        children.forEach(ChildProcess::close);
    }
}
