package io.ketju.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ketju launch}: the processes that it starts end with it, however it ends. */
class LaunchTest {
    private static final String ANNOUNCEMENT = ": processes ";

    @TempDir
    private Path folder;

    @Test
    void aLaunchedRunGivesTheOraclesBitsAndLeavesNoProcess() throws Exception {
        try (ProcessCluster cluster = new ProcessCluster(folder, job(2))) {
            Path run = cluster.run("run");
            ChildProcess launch = cluster.startJob("launch", "--nodes", "2", "--run-dir", run.toString());
            List<ProcessHandle> workers = workers(launch);

            launch.requireSuccess();

            awaitEnd(workers);
            assertThat(launch.err()).as("%s", launch).isEmpty();
            assertThat(cluster.stateOf(run)).isEqualTo(Oracle.of(cluster.job()).stateSha256());
        }
    }

    @Test
    void workersDoNotOutliveAKilledLaunch() throws Exception {
        try (ProcessCluster cluster = new ProcessCluster(folder, job(500))) {
            ChildProcess launch = cluster.startJob("launch", "--nodes", "2", "--no-save");
            List<ProcessHandle> workers = workers(launch);
            launch.awaitLine(line -> line.startsWith("epoch   1/"));

            launch.kill();

            awaitEnd(workers);
        }
    }

    private static List<ProcessHandle> workers(ChildProcess launch) {
        String line = launch.awaitLine(printed -> printed.startsWith("Launched "));
        String pids = line.substring(line.indexOf(ANNOUNCEMENT) + ANNOUNCEMENT.length());
        List<ProcessHandle> workers = Arrays.stream(pids.split(", "))
                .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid)).stream())
                .toList();
        assertThat(workers).as(line).hasSize(2).allMatch(ProcessHandle::isAlive);
        return workers;
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
