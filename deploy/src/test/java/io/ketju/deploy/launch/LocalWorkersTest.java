package io.ketju.deploy.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LocalWorkersTest {
    private static final List<String> WORKER =
            List.of("node", "--seed-node", Address.free("127.0.0.1").toString(), "--threads", "1", ParentWatch.OPTION);

    @AfterEach
    void noFlagIsLeft() {
        Thread.interrupted();
    }

    @Test
    void workersEndWhenTheirParentLetsGo() {
        Process process;
        try (LocalWorkers workers = LocalWorkers.start(1, WORKER)) {
            process = workers.processes().getFirst();
            assertThat(process.isAlive()).isTrue();
        }
        assertThat(process.isAlive()).isFalse();
        assertThat(process.exitValue()).isZero();
    }

    /** An interrupted caller must not make workers die by force. */
    @Test
    void workersEndInOrderAlsoForAnInterruptedThread() {
        Process process;
        try (LocalWorkers workers = LocalWorkers.start(1, WORKER)) {
            process = workers.processes().getFirst();
            Thread.currentThread().interrupt();
        }
        assertThat(Thread.interrupted()).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    @Test
    void whatAWorkerComplainsOfIsKeptWithoutAFile() {
        try (LocalWorkers workers = LocalWorkers.start(1, List.of("node", "--seed-node", "nonsense"))) {
            workers.processes().getFirst().onExit().join();
            assertThat(workers.complaints(1)).contains("--seed-node: expected HOST:PORT");
        }
    }
}
