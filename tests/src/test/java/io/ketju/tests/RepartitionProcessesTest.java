package io.ketju.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.checkpoint.RunDirectory;
import io.ketju.actors.job.Repartition;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingResult;
import io.ketju.deploy.config.JobAssembly;
import io.ketju.deploy.config.JobFile;
import io.ketju.testkit.Oracle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs over processes that are cut anew while they go on, and lose workers besides, to the bits of runs that nobody touched. */
class RepartitionProcessesTest {
    private static final int LAYERS = 6;

    /** As much of a line as the stall is of. */
    private static final String STALL = " after \\d+ ms \\(\\d+ ms to save, \\d+ ms to let go, \\d+ ms to place\\)";

    @TempDir
    private Path folder;

    private static Repartition random(Random random) {
        List<Integer> bounds = new ArrayList<>(List.of(0));
        for (int layer = 1; layer < LAYERS; layer++) {
            if (random.nextInt(2) == 0) {
                bounds.add(layer);
            }
        }
        bounds.add(LAYERS);
        return Repartition.stageBounds(bounds);
    }

    private static long count(List<TrainingEvent> events, Class<? extends TrainingEvent> type) {
        return events.stream().filter(type::isInstance).count();
    }

    /** Cut anew again and again; in step 70 the run loses a worker while it is about to be. */
    @Test
    @Tag("long")
    void cutsAndLossesTogetherChangeNoBitAndTellEverythingOnce() {
        TrainingJob job = JobAssembly.build(JobFile.parse("cuts.conf", String.join("\n", DigitsJob.lines(5))));
        Random random = new Random(3);
        try (WatchedLaunch launch = new WatchedLaunch(job, 2, (event, own) -> {
            if (event instanceof TrainingEvent.StepFinished step && step.step() % 20 == 10) {
                own.repartition(random(random));
                if (step.step() == 70) {
                    own.oldest().destroyForcibly();
                }
            }
        })) {
            TrainingResult result = launch.result();
            assertThat(result.completed()).isTrue();
            assertThat(result.stateSha256()).isEqualTo(Oracle.of(job).stateSha256());
            RecoveryTest.toldOnce(launch.events(), job);
            assertThat(count(launch.events(), TrainingEvent.Repartitioned.class))
                    .isGreaterThanOrEqualTo(3);
            assertThat(count(launch.events(), TrainingEvent.Restarted.class)).isGreaterThanOrEqualTo(1);
        }
    }

    @Test
    void theCommandMovesLayersAndWorkersOfALaunchedRun() {
        try (ProcessCluster cluster = new ProcessCluster(folder, DigitsJob.lines(50_000))) {
            Path run = cluster.run("run");
            ChildProcess launch = cluster.startJob("launch", "--plain", "--nodes", "2", "--run-dir", run.toString());
            launch.awaitLine(line -> line.matches("epoch +1/.*"));

            assertThat(answer(cluster, run, "--stage-bounds", "0,1,4,6"))
                    .matches(
                            "stages \\[\\S.*] are now \\[0, 1, 4, 6]: stage-bounds \\[0, 1, 4, 6] was asked for; goes on with"
                                    + " step \\S+ on 2 workers" + STALL);
            launch.awaitLine(line -> line.contains(" are now [0, 1, 4, 6]: "));
            assertThat(answer(cluster, run, "--workers", "+2"))
                    .matches("stages .* are now .*: workers \\+2 was asked for; goes on with step \\S+ on 4 workers"
                            + STALL);
            assertThat(answer(cluster, run, "--workers", "-3")).contains(" on 1 worker after ");
            refused(cluster, run, "expected at least 1 worker to be left, found workers -1", "--workers", "-1");

            launch.terminate();
            launch.awaitExit();
            assertThat(launch.err()).as("%s", launch).isEmpty();
            long steps = RunDirectory.open(run).newest().orElseThrow().step();
            assertThat(cluster.stateOf(run))
                    .isEqualTo(Oracle.of(cluster.job(), steps).stateSha256());
            assertThat(run.resolve("incarnation")).hasContent("4");
            refused(cluster, run, "expected a run that goes on, found none that answers", "--stages", "2");
        }
    }

    private static String answer(ProcessCluster cluster, Path run, String... wish) {
        ChildProcess asked = ask(cluster, run, wish).requireSuccess();
        assertThat(asked.out()).as("%s", asked).hasSize(1);
        return asked.out().getFirst();
    }

    private static void refused(ProcessCluster cluster, Path run, String line, String... wish) {
        ChildProcess asked = ask(cluster, run, wish);
        assertThat(asked.awaitExit()).as("%s", asked).isEqualTo(2);
        assertThat(asked.err()).as("%s", asked).hasSize(1).first().asString().contains(line);
    }

    private static ChildProcess ask(ProcessCluster cluster, Path run, String... wish) {
        List<String> arguments = new ArrayList<>(List.of("repartition", run.toString()));
        arguments.addAll(List.of(wish));
        return cluster.start(arguments.toArray(String[]::new));
    }
}
