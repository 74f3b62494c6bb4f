package io.ketju.tests;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Small runs whose processes are killed (SIGKILL) at random moments and resumed: every one must end with the state of a
 * run that nobody disturbed. Who is killed, when, and how the run goes on follow from the seed and the number of the kill
 * alone: {@code -Dketju.kills=40 -Dketju.kills.seed=7}; {@code -Dketju.kills.first=12 -Dketju.kills=1} replays one.
 */
class KillCampaignTest {
    private static final long SEED = Long.getLong("ketju.kills.seed", 1);
    private static final int FIRST = Integer.getInteger("ketju.kills.first", 0);
    private static final int KILLS = Integer.getInteger("ketju.kills", 5);
    private static final int EPOCHS = 10;
    private static final List<Moment> MOMENTS = List.of(Moment.values());
    private static final List<Victim> VICTIMS = List.of(Victim.values());

    /** How soon all processes of a run must have ended after one of them was killed. */
    private static final Duration END_BOUND = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    /** When the victim dies. */
    private enum Moment {
        JOINING,
        STEP,
        CHECKPOINT,
        END
    }

    private enum Victim {
        ONLY_PROCESS,
        DRIVER,
        WORKER
    }

    /** One kill, as its number in the campaign decides. */
    private record Kill(int number, Moment moment, Victim victim, int worker, int epoch, int delayMillis, int stages) {
        static Kill of(int number) {
            SplittableRandom random = new SplittableRandom(SEED * 1_000_003 + number);
            Moment moment = MOMENTS.get(Math.floorMod(number + SEED, MOMENTS.size()));
            Victim victim = VICTIMS.get(random.nextInt(VICTIMS.size()));
            int bound = moment == Moment.JOINING ? 2_500 : 40;
            int epoch = moment == Moment.END ? EPOCHS - 1 : random.nextInt(1, EPOCHS - 2);
            return new Kill(
                    number, moment, victim, random.nextInt(2), epoch, random.nextInt(bound), random.nextInt(1, 4));
        }
    }

    @Test
    void everyKilledRunGoesOnToTheBitsOfAnUndisturbedOne() {
        try (ProcessCluster processes = new ProcessCluster(folder, job())) {
            String undisturbed = Oracle.of(processes.job()).stateSha256();
            for (int number = FIRST; number < FIRST + KILLS; number++) {
                Kill kill = Kill.of(number);
                System.out.println("seed " + SEED + ": " + kill);
                Path run = processes.run("run-" + number);
                disturb(processes, kill, run);
                goOn(processes, kill, run);
                assertThat(processes.stateOf(run)).as("seed %d, %s", SEED, kill).isEqualTo(undisturbed);
            }
        }
    }

    /** Starts a run, kills, and waits for all of its processes to end. */
    private static void disturb(ProcessCluster processes, Kill kill, Path run) {
        String folder = run.toString();
        ChildProcess driver = kill.victim() == Victim.ONLY_PROCESS
                ? processes.startJob("train", "--plain", "--run-dir", folder)
                : processes.startJob("launch", "--plain", "--nodes", "2", "--run-dir", folder);
        List<ProcessHandle> all = new ArrayList<>(List.of(driver.handle()));
        if (kill.victim() != Victim.ONLY_PROCESS) {
            all.addAll(workers(driver));
        }
        awaitMoment(driver, kill, run);
        ProcessHandle victim = kill.victim() == Victim.WORKER ? all.get(1 + kill.worker()) : driver.handle();
        victim.destroyForcibly();
        for (ProcessHandle process : all) {
            awaitEnd(process, driver, kill);
        }
    }

    /** The moment of the kill, or the end of the run if that comes first. */
    private static void awaitMoment(ChildProcess driver, Kill kill, Path run) {
        if (kill.moment() == Moment.STEP || kill.moment() == Moment.END) {
            String line = "epoch " + (kill.epoch() < 10 ? " " : "") + kill.epoch() + "/";
            driver.awaitLine(printed -> printed.startsWith(line));
        } else if (kill.moment() == Moment.CHECKPOINT) {
            await().pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .atMost(ChildProcess.PATIENCE)
                    .until(() -> !driver.handle().isAlive() || checkpoints(run) >= Math.min(kill.epoch(), 2));
        }
        try {
            driver.handle().onExit().get(kill.delayMillis(), MILLISECONDS);
        } catch (TimeoutException e) {
            // It still runs: the moment has come.
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    /** Resumes the run with other stages; starts it if the kill came before there was one. */
    private static void goOn(ProcessCluster processes, Kill kill, Path run) {
        String stages = Integer.toString(kill.stages());
        ChildProcess next = Files.exists(run.resolve("job.conf"))
                ? processes.start("train", "--plain", "--resume", run.toString(), "--stages", stages)
                : processes.startJob("train", "--plain", "--run-dir", run.toString(), "--stages", stages);
        int code = next.awaitExit();
        assertThat(code).as("seed %d, %s:%s", SEED, kill, next).isZero();
        try (Stream<Path> files = Files.walk(run)) {
            assertThat(files.filter(file -> file.toString().endsWith(".tmp")))
                    .as("seed %d, %s", SEED, kill)
                    .isEmpty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long checkpoints(Path run) {
        Path root = run.resolve("checkpoints");
        if (!Files.isDirectory(root)) {
            return 0;
        }
        try (Stream<Path> folders = Files.list(root)) {
            return folders.count();
        } catch (IOException | UncheckedIOException e) {
            return 0; // changed while it was read
        }
    }

    private static List<ProcessHandle> workers(ChildProcess launch) {
        String line = launch.awaitLine(printed -> printed.startsWith("Launched "));
        String pids = line.substring(line.lastIndexOf("processes ") + "processes ".length());
        return Arrays.stream(pids.split(", "))
                .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid)).stream())
                .toList();
    }

    private static void awaitEnd(ProcessHandle process, ChildProcess driver, Kill kill) {
        try {
            process.onExit().get(END_BOUND.toSeconds(), SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError(
                    "seed " + SEED + ", " + kill + ": process " + process.pid() + " still runs" + driver);
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    private static String[] job() {
        return List.of(
                        "model.name = \"mlp(64, 32, 10)\"",
                        "data = digits",
                        "optimizer = \"Adam(lr=0.002)\"",
                        "batch = 60",
                        "microbatches = 3",
                        "epochs = " + EPOCHS,
                        "stages = 2")
                .toArray(String[]::new);
    }
}
