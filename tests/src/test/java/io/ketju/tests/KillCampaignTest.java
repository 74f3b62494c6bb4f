package io.ketju.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.JobKey;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingResult;
import io.ketju.deploy.config.JobAssembly;
import io.ketju.deploy.config.JobFile;
import io.ketju.deploy.config.Setting;
import io.ketju.testkit.Oracle;
import io.ketju.tests.Kill.Victim;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Small runs whose processes are killed (SIGKILL) at random moments: one that lost a worker goes on by itself, others are resumed. Every one must go on after the newest
 * checkpoint that was committed, and end with the state of a run that nobody disturbed. Who is killed, when, and how the
 * run goes on follow from the seed and the number of the kill alone: {@code -Dketju.kills=40 -Dketju.kills.seed=7};
 * {@code -Dketju.kills.first=12 -Dketju.kills=1} replays one.
 */
class KillCampaignTest {
    /** By default one whose first five spare the build late moments of launched runs, which are the slow ones. */
    private static final long SEED = Long.getLong("ketju.kills.seed", 12);

    private static final int FIRST = Integer.getInteger("ketju.kills.first", 0);
    private static final int KILLS = Integer.getInteger("ketju.kills", 10);

    /** Whether only workers are killed, of runs that go on. */
    private static final boolean WORKERS = Boolean.getBoolean("ketju.kills.workers");

    @TempDir
    private Path folder;

    @Test
    void everyKilledRunGoesOnToTheBitsOfAnUndisturbedOne() {
        try (ProcessCluster processes = new ProcessCluster(folder, job())) {
            String undisturbed = Oracle.of(processes.job()).stateSha256();
            for (int number = FIRST; number < FIRST + KILLS; number++) {
                Kill kill = WORKERS ? Kill.of(SEED, number).ofWorker() : Kill.of(SEED, number);
                try {
                    check(kill, processes, undisturbed);
                } catch (AssertionError | RuntimeException e) {
                    throw new AssertionError(kill + " (again: " + kill.replay() + "): " + e.getMessage(), e);
                }
            }
        }
    }

    private static void check(Kill kill, ProcessCluster processes, String undisturbed) {
        long begin = System.nanoTime();
        System.out.println(kill);
        Path folder = processes.run("run-" + kill.number());
        KilledRun run = KilledRun.of(kill, processes, folder);
        String found = run.toString();
        long ended = System.nanoTime();
        if (kill.victim() == Victim.WORKER && run.survivedByRun()) {
            assertThat(run.committedStep()).isEqualTo(processes.job().totalSteps());
            requireEachStepOnce(processes, folder);
        } else if (!run.hasJob()) {
            startAfresh(kill, processes, folder);
            requireEachStepOnce(processes, folder);
        } else if (kill.victim() == Victim.ONLY_PROCESS) {
            resumeByCommand(kill, processes, folder, run.committedStep());
            requireEachStepOnce(processes, folder);
        } else {
            resumeHere(kill, folder, run.committedStep(), undisturbed);
        }
        assertThat(processes.stateOf(folder)).isEqualTo(undisturbed);
        assertThat(leftovers(folder)).isEmpty();
        System.out.printf(
                "  %s; %.1f s to the end, %.1f s to go on%n",
                found, (ended - begin) / 1e9, (System.nanoTime() - ended) / 1e9);
    }

    /** The kill came before there was a run. */
    private static void startAfresh(Kill kill, ProcessCluster processes, Path folder) {
        String stages = Integer.toString(kill.stages());
        processes
                .startJob("train", "--plain", "--run-dir", folder.toString(), "--stages", stages)
                .requireSuccess();
    }

    private static void resumeByCommand(Kill kill, ProcessCluster processes, Path folder, long committed) {
        String stages = Integer.toString(kill.stages());
        ChildProcess next = processes
                .start("train", "--plain", "--resume", folder.toString(), "--stages", stages)
                .requireSuccess();
        if (committed == processes.job().totalSteps()) {
            assertThat(next.out()).as("%s", next).anyMatch(line -> line.contains("already complete"));
        } else if (committed > 0) {
            assertThat(next.out()).as("%s", next).contains("resumed after step " + committed);
        }
    }

    /** In this JVM: the same, without the start of another. */
    private static void resumeHere(Kill kill, Path folder, long committed, String undisturbed) {
        TrainingJob job = JobAssembly.build(
                JobFile.read(folder.resolve("job.conf"))
                        .with(new Setting(JobKey.STAGES, kill.stages(), "the campaign")),
                Optional.of(folder));
        AtomicLong firstStep = new AtomicLong(job.totalSteps() + 1); // a complete run does not start
        TrainingResult result = Ketju.fit(job, event -> {
            if (event instanceof TrainingEvent.Started started) {
                firstStep.set(started.firstStep());
            }
        });
        assertThat(firstStep).as("first step after the resume").hasValue(committed + 1);
        assertThat(result.stateSha256()).isEqualTo(undisturbed);
    }

    private static void requireEachStepOnce(ProcessCluster processes, Path folder) {
        assertThat(MetricRows.steps(folder))
                .as("steps that are told")
                .containsExactlyElementsOf(MetricRows.all(processes.job().totalSteps()));
    }

    /** What was to be renamed. */
    private static List<Path> leftovers(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".tmp")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String[] job() {
        return List.of(
                        "model.name = \"mlp(64, 32, 10)\"",
                        "data = digits",
                        "optimizer = \"Adam(lr=0.002)\"",
                        "batch = 180",
                        "microbatches = 3",
                        "epochs = " + Kill.EPOCHS,
                        "stages = 2")
                .toArray(String[]::new);
    }
}
