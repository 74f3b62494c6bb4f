package io.ketju.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.job.JobKey;
import io.ketju.actors.job.TrainingJob;
import io.ketju.deploy.config.JobAssembly;
import io.ketju.deploy.config.JobFile;
import io.ketju.testkit.Oracle;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ketju launch}: the processes that it starts end with it, however it ends. */
class LaunchTest {
    /** 128 and the number of SIGTERM. */
    private static final int TERMINATED = 143;

    @TempDir
    private Path folder;

    @Test
    void aLaunchedRunGivesTheOraclesBitsAndLeavesNoProcess() throws Exception {
        try (ProcessCluster cluster = new ProcessCluster(folder, job(2))) {
            Path run = cluster.run("run");
            ChildProcess launch = cluster.startJob("launch", "--nodes", "2", "--run-dir", run.toString());
            List<ProcessHandle> workers = launch.awaitWorkers(2);

            launch.requireSuccess();

            awaitEnd(workers);
            assertThat(launch.err()).as("%s", launch).isEmpty();
            assertThat(cluster.stateOf(run)).isEqualTo(Oracle.of(cluster.job()).stateSha256());
        }
    }

    /** Its flags go into the run's own copy of the file; updates overlap over two processes as they do on one thread. */
    @Test
    void aLaunchedJobFileWithOverlappingUpdatesGivesTheOraclesBits() {
        try (ProcessCluster cluster = new ProcessCluster(folder)) {
            Path run = cluster.run("run");
            Path job = Launcher.repository().resolve("jobs").resolve("mlp-digits.conf");
            ChildProcess launch = cluster.start(
                            "launch",
                            job.toString(),
                            "--nodes",
                            "2",
                            "--stages",
                            "3",
                            "--schedule",
                            "PipeDream2BW",
                            "--optimizer",
                            "SGD(lr=0.02, momentum=0.9)",
                            "--epochs",
                            "2",
                            "--run-dir",
                            run.toString())
                    .requireSuccess();
            TrainingJob trained =
                    JobAssembly.build(JobFile.read(run.resolve("job.conf")).without(JobKey.RUN_DIR));

            assertThat(launch.err()).as("%s", launch).isEmpty();
            assertThat(trained.pipeline().overlap()).isPresent();
            assertThat(cluster.stateOf(run))
                    .as("%s", launch)
                    .isEqualTo(Oracle.of(trained).stateSha256());
        }
    }

    @Test
    void workersDoNotOutliveAKilledLaunch() throws Exception {
        try (ProcessCluster cluster = new ProcessCluster(folder, job(500))) {
            ChildProcess launch = cluster.startJob("launch", "--nodes", "2", "--no-save");
            List<ProcessHandle> workers = launch.awaitWorkers(2);
            launch.awaitLine(line -> line.startsWith("epoch   1/"));

            launch.kill();

            awaitEnd(workers);
        }
    }

    @Test
    void aWorkerThatDiesWhileItJoinsEndsARunWithoutRestartsAtOnce() throws Exception {
        try (ProcessCluster cluster = new ProcessCluster(folder, job(500))) {
            ChildProcess launch = cluster.startJob("launch", "--nodes", "2", "--no-save", "--max-restarts", "0");
            List<ProcessHandle> workers = launch.awaitWorkers(2);

            workers.getFirst().destroyForcibly();

            assertThat(launch.awaitExit()).as("%s", launch).isEqualTo(1);
            awaitEnd(workers);
            assertThat(launch.err()).as("%s", launch).hasSize(1);
            assertThat(launch.err().getFirst())
                    .startsWith("ketju launch: worker 1 (process "
                            + workers.getFirst().pid() + ") ended with exit code 137 before the run began");
        }
    }

    @Test
    void workersThatStillStartDoNotOutliveAKilledLaunch() throws Exception {
        try (ProcessCluster cluster = new ProcessCluster(folder, job(500))) {
            ChildProcess launch = cluster.startJob("launch", "--nodes", "2", "--no-save");
            List<ProcessHandle> workers = launch.awaitWorkers(2);

            launch.kill();

            awaitEnd(workers);
        }
    }

    @Test
    void aKilledWorkerOfARunWithoutRestartsIsOneLineWithTheCommandThatGoesOn() throws Exception {
        try (ProcessCluster cluster = new ProcessCluster(folder, job(500))) {
            Path run = cluster.run("run");
            ChildProcess launch =
                    cluster.startJob("launch", "--nodes", "2", "--run-dir", run.toString(), "--max-restarts", "0");
            List<ProcessHandle> workers = launch.awaitWorkers(2);
            assertThat(launch.awaitLine(line -> line.startsWith("waiting for ")))
                    .matches("waiting for 2 workers at 127\\.0\\.0\\.1:\\d+, up to \\d+ s; none is there yet");
            launch.awaitLine(line -> line.startsWith("epoch   1/"));

            workers.getLast().destroyForcibly();

            assertThat(launch.awaitExit()).as("%s", launch).isEqualTo(1);
            awaitEnd(workers);
            assertThat(launch.err()).as("%s", launch).hasSize(1);
            assertThat(launch.err().getFirst())
                    .startsWith("ketju launch: worker 2 (process "
                            + workers.getLast().pid() + ") with stage ")
                    .containsPattern("ended with exit code 137 (after step \\d+|before the first step)")
                    .contains("; go on with " + folder.resolve("ketju") + " train --resume " + run);
        }
    }

    @Test
    void aTerminatedLaunchSavesItsRunAndEndsWithTheSignalsExitCode() throws Exception {
        try (ProcessCluster cluster = new ProcessCluster(folder, job(500))) {
            Path run = cluster.run("run");
            ChildProcess launch = cluster.startJob("launch", "--nodes", "2", "--run-dir", run.toString());
            List<ProcessHandle> workers = launch.awaitWorkers(2);
            launch.awaitLine(line -> line.startsWith("epoch   1/"));

            launch.terminate();

            assertThat(launch.awaitExit()).as("%s", launch).isEqualTo(TERMINATED);
            awaitEnd(workers);
            assertThat(launch.err()).as("%s", launch).isEmpty();
            assertThat(cluster.stateOf(run)).hasSize(64);
        }
    }

    /** A node says what it does, from the start to SIGTERM; here its settings come from everywhere. */
    @Test
    void aNodeSaysWhatItDoesAndEndsWithTheSignalsExitCode() {
        try (ProcessCluster cluster = new ProcessCluster(folder, job(1))) {
            ChildProcess node = cluster.startFirstWorkerBySettings();
            node.awaitLine(line -> line.startsWith("ready: joined the cluster at " + cluster.meeting()));
            ChildProcess status =
                    cluster.start("status", "--cluster", cluster.meeting()).requireSuccess();
            assertThat(status.out())
                    .as("%s", status)
                    .anyMatch(line -> line.matches(cluster.meeting() + " +worker +free +1 .*"))
                    .endsWith("no runs");
            cluster.startJob(
                            "train",
                            "--cluster",
                            cluster.meeting(),
                            "--workers",
                            "1",
                            "--run-dir",
                            cluster.run("mine").toString())
                    .requireSuccess();
            node.awaitLine(line -> line.startsWith("run mine: ended"));

            node.terminate();

            assertThat(node.awaitExit()).as("%s", node).isEqualTo(TERMINATED);
            assertThat(node.err()).as("%s", node).isEmpty();
            assertThat(node.out())
                    .as("%s", node)
                    .containsSubsequence(
                            "run mine: assigned stages 0, 1 of 2", "run mine: started, all neighbours connected");
        }
    }

    private static void awaitEnd(List<ProcessHandle> workers) throws Exception {
        CompletableFuture<?>[] ends =
                workers.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new);
        try {
            CompletableFuture.allOf(ends).get(ChildProcess.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            workers.forEach(ProcessHandle::destroyForcibly);
            throw new AssertionError("workers outlived their launch: " + workers, e);
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    private static String[] job(int epochs) {
        return List.of(
                        "model.name = \"mlp(64, 20, 10)\"",
                        "data = digits",
                        "batch = 100",
                        "microbatches = 3",
                        "epochs = " + epochs,
                        "stages = 2")
                .toArray(String[]::new);
    }
}
