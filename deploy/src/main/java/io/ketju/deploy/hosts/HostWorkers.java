package io.ketju.deploy.hosts;

import io.ketju.cluster.node.WorkerLauncher;
import io.ketju.deploy.launch.PrintedTail;
import io.ketju.deploy.launch.WorkerEnd;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A worker on each of some hosts, over ssh. A process of {@code ssh} here stands for each: the worker ends with it, and it with the
 * worker. They never outlive this process: each reads the pipe that this one holds open, through ssh, and hears from it every few
 * seconds; whether the pipe ends, or the connection dies without a word, the worker ends.
 */
public final class HostWorkers implements WorkerLauncher, AutoCloseable {
    /** How often a worker hears that its launch is there. */
    private static final Duration PULSE = Duration.ofSeconds(5);

    /** After how long without a word it ends. */
    private static final Duration SILENCE = Duration.ofSeconds(30);

    private static final int BEAT = '.';

    /** One that was started. */
    private record Started(WorkerHost host, Process process, PrintedTail complaints) {}

    private final HostLaunch launch;
    private final Consumer<String> lines;
    private final List<Started> started = new ArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private boolean closed;

    private HostWorkers(HostLaunch launch, Consumer<String> lines) {
        this.launch = launch;
        this.lines = lines;
    }

    /**
     * Starts one on each host, which is prepared. Whoever uses them watches them: see {@link #processes}.
     *
     * @param lines hears what they print, each line with its host's name; called by any thread
     */
    static HostWorkers start(HostLaunch launch, List<WorkerHost> hosts, Consumer<String> lines) {
        HostWorkers workers = new HostWorkers(launch, lines);
        try {
            hosts.forEach(workers::startOn);
            Thread.ofPlatform().name("ketju-hosts-pulse").daemon().start(workers::beat);
            return workers;
        } catch (UncheckedIOException e) {
            workers.close();
            throw e;
        }
    }

    private synchronized Process startOn(WorkerHost host) {
        if (closed) {
            throw new IllegalStateException("the workers of this process have been ended");
        }
        try {
            Process process = launch.command(host, SILENCE).start();
            started.add(new Started(host, process, PrintedTail.of(process.getErrorStream())));
            Thread.ofPlatform().name("ketju-output-of-" + host.host()).daemon().start(() -> pass(host, process));
            send(process, (process.pid() + "\n" + launch.identity(host)).getBytes(StandardCharsets.UTF_8));
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException("ssh cannot be started", e);
        }
    }

    private void pass(WorkerHost host, Process process) {
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                lines.accept(host.host() + ": " + line.replaceAll("\\p{Cntrl}+", " "));
            }
        } catch (IOException e) {
            // The pipe broke: what came before it is told.
        }
    }

    private void beat() {
        try {
            while (!ended.await(PULSE.toMillis(), TimeUnit.MILLISECONDS)) {
                processes().forEach(process -> send(process, new byte[] {BEAT}));
            }
        } catch (InterruptedException e) {
            // Nobody interrupts this thread; if somebody did, workers would end by themselves.
            Thread.currentThread().interrupt();
        }
    }

    private static void send(Process process, byte[] bytes) {
        try {
            OutputStream in = process.getOutputStream();
            in.write(bytes);
            in.flush();
        } catch (IOException e) {
            // It has ended, which is told elsewhere.
        }
    }

    @Override
    public synchronized List<Process> processes() {
        return started.stream().map(Started::process).toList();
    }

    @Override
    public synchronized String name(int number) {
        return "worker " + number + " on " + started.get(number - 1).host().host();
    }

    /** On the same host: it may be back, and where it is not the run takes those that are left. */
    @Override
    public Process replace(Process gone) {
        WorkerHost host = hostOf(gone);
        gone.destroyForcibly();
        return startOn(host);
    }

    private synchronized WorkerHost hostOf(Process process) {
        return started.stream()
                .filter(one -> one.process().equals(process))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("process " + process.pid() + " was not started here"))
                .host();
    }

    /** Ends all workers, which nothing needs any more, first by telling them; what they complained of goes into the log. */
    @Override
    public void close() {
        List<Started> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(started);
        }
        ended.countDown();
        WorkerEnd.of(all.stream().map(Started::process).toList());
        for (int number = 1; number <= all.size(); number++) {
            Started one = all.get(number - 1);
            WorkerEnd.log(name(number), one.process(), one.complaints().text());
        }
    }
}
