package io.ketju.deploy.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LocalWorkersTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void workersEndWhenTheirParentLetsGo() {
        Address seed = Address.free("127.0.0.1");
        List<Long> pids;
        try (LocalWorkers workers = LocalWorkers.start(
                1, List.of("node", "--seed-node", seed.toString(), "--threads", "1", "--exit-with-parent"), stream)) {
            pids = workers.pids();
            assertThat(pids).allSatisfy(pid -> assertThat(ProcessHandle.of(pid)).isPresent());
        }
        assertThat(pids)
                .allSatisfy(pid -> assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive))
                        .isEmpty());
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void whatAWorkerPrintedIsKept() {
        try (LocalWorkers workers = LocalWorkers.start(1, List.of("node", "--seed-node", "nonsense"), stream)) {
            CompletableFuture<?>[] ends = workers.pids().stream()
                    .flatMap(pid -> ProcessHandle.of(pid).stream())
                    .map(ProcessHandle::onExit)
                    .toArray(CompletableFuture[]::new);
            CompletableFuture.allOf(ends).join();
            assertThat(workers.log(1)).content().contains("--seed-node: expected HOST:PORT");
        }
    }
}
