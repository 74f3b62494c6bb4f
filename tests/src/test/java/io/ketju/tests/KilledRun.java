package io.ketju.tests;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ketju.actors.checkpoint.CheckpointReader;
import io.ketju.tests.Kill.Moment;
import io.ketju.tests.Kill.Victim;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A run with a kill, up to the end that comes of it. All of its processes have ended then. One that lost a worker goes on by itself, and
 * has come to its own end.
 */
final class KilledRun {
    /** How soon all processes must have ended after one of them was killed, on a machine that has other work too. */
    private static final Duration END_BOUND = Duration.ofSeconds(60);

    private static final int KILLED = 128 + 9;
    private static final String STEP_FOLDER = "step-";
    private static final String WENT_ON = "went on by itself";

    private final Kill kill;
    private final Path folder;
    private final long stepsPerEpoch;
    private final ChildProcess driver;
    private final List<ProcessHandle> workers;
    private double secondsToEnd;

    private KilledRun(Kill kill, Path folder, long stepsPerEpoch, ChildProcess driver) {
        this.kill = kill;
        this.folder = folder;
        this.stepsPerEpoch = stepsPerEpoch;
        this.driver = driver;
        this.workers = kill.victim() == Victim.ONLY_PROCESS ? List.of() : driver.awaitWorkers(2);
    }

    /** Starts the run, kills, and waits for all of its processes. None is left, however this ends. */
    static KilledRun of(Kill kill, ProcessCluster processes, Path folder) {
        ChildProcess driver = kill.victim() == Victim.ONLY_PROCESS
                ? processes.startJob("train", "--plain", "--run-dir", folder.toString())
                : processes.startJob("launch", "--plain", "--nodes", "2", "--run-dir", folder.toString());
        long steps = processes.job().totalSteps();
        KilledRun run = new KilledRun(kill, folder, steps / Kill.EPOCHS, driver);
        try {
            run.awaitMoment();
            run.kill();
        } finally {
            run.all().forEach(ProcessHandle::destroyForcibly);
        }
        assertThat(run.committedStep())
                .as("the checkpoint before the last epoch that was printed is committed: %s", driver)
                .isGreaterThanOrEqualTo((run.printedEpochs() - 1) * run.stepsPerEpoch);
        return run;
    }

    /** Step of the newest checkpoint that was committed; 0 if there was none. */
    long committedStep() {
        try {
            return CheckpointReader.committed(folder.resolve("checkpoints")).stream()
                    .mapToLong(checkpoint -> checkpoint.step())
                    .max()
                    .orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether there is something to resume. */
    boolean hasJob() {
        return Files.exists(folder.resolve("job.conf"));
    }

    /** What the kill found, for the log of the campaign. */
    @Override
    public String toString() {
        long begun = newestStepFolder();
        return (survivedByRun() ? wentOn() : "hit") + ", " + printedEpochs()
                + " epochs printed, checkpoint "
                + committedStep() + " committed" + (begun > committedStep() ? ", " + begun + " begun" : "")
                + (hasJob() ? "" : ", no job yet") + String.format("; all ended %.1f s after it", secondsToEnd);
    }

    private String wentOn() {
        return driver.out().stream().anyMatch(line -> line.contains(": goes on with step "))
                ? WENT_ON
                : "came after the end";
    }

    /** The moment of the kill, or the end of the run if that comes first. */
    private void awaitMoment() {
        switch (kill.moment()) {
            case JOINING -> {}
            case STEP, END -> {
                String line = "epoch " + (kill.epoch() < 10 ? " " : "") + kill.epoch() + "/";
                driver.awaitLine(printed -> printed.startsWith(line));
            }
            case CHECKPOINT ->
                await().pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(1))
                        .atMost(ChildProcess.PATIENCE)
                        .until(() -> !driver.handle().isAlive() || newestStepFolder() >= kill.epoch() * stepsPerEpoch);
        }
        try {
            driver.handle().onExit().get(kill.delayMillis(), MILLISECONDS);
        } catch (TimeoutException e) {
            // It still runs: the moment has come.
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    /** Kills the victim; a run that lost a worker goes on, of others all processes must end by themselves. */
    private void kill() {
        ProcessHandle victim = kill.victim() == Victim.WORKER ? workers.get(kill.worker()) : driver.handle();
        long killed = System.nanoTime();
        victim.destroyForcibly();
        int code = driver.awaitExit();
        all().forEach(this::awaitEnd);
        secondsToEnd = (System.nanoTime() - killed) / 1e9;
        if (survivedByRun()) {
            assertThat(kill.victim() == Victim.WORKER || kill.moment() == Moment.END)
                    .as("the run ended before it was killed: %s", driver)
                    .isTrue();
            assertThat(driver.err()).as("%s", driver).isEmpty();
            if (kill.moment() == Moment.STEP || kill.moment() == Moment.CHECKPOINT) {
                assertThat(wentOn()).as("%s", driver).isEqualTo(WENT_ON);
            }
        } else {
            assertThat(code).as("%s", driver).isEqualTo(KILLED);
        }
    }

    /** Whether the run came to its own end: it goes on without a worker, and other kills may come too late to disturb anything. */
    boolean survivedByRun() {
        return driver.awaitExit() == 0;
    }

    private void awaitEnd(ProcessHandle process) {
        try {
            process.onExit().get(END_BOUND.toSeconds(), SECONDS);
        } catch (TimeoutException e) {
            String who = process.pid() == driver.pid() ? "the driver" : "a worker";
            throw new AssertionError(who + ", process " + process.pid() + ", still runs " + END_BOUND.toSeconds()
                    + " s after the kill:" + driver);
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    private List<ProcessHandle> all() {
        List<ProcessHandle> all = new ArrayList<>(workers);
        all.add(driver.handle());
        return all;
    }

    /** A slow epoch prints lines of its steps too. */
    private long printedEpochs() {
        return driver.out().stream()
                .filter(line -> line.startsWith("epoch ") && line.contains("  test loss "))
                .count();
    }

    /** Step of the newest folder of a checkpoint, committed or not; 0 if there is none. */
    private long newestStepFolder() {
        Path root = folder.resolve("checkpoints");
        if (!Files.isDirectory(root)) {
            return 0;
        }
        try (Stream<Path> folders = Files.list(root)) {
            return folders.map(found -> found.getFileName().toString())
                    .filter(name -> name.matches(STEP_FOLDER + "\\d+"))
                    .mapToLong(name -> Long.parseLong(name.substring(STEP_FOLDER.length())))
                    .max()
                    .orElse(0);
        } catch (IOException | UncheckedIOException e) {
            return 0; // changed while it was read
        }
    }
}
