package io.ketju.deploy.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
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
        Path printed;
        try (LocalWorkers workers = LocalWorkers.start(1, WORKER)) {
            process = workers.processes().getFirst();
            printed = workers.log(1);
            assertThat(process.isAlive()).isTrue();
        }
        assertThat(process.isAlive()).isFalse();
        assertThat(process.exitValue()).isZero();
        assertThat(printed.getParent()).doesNotExist();
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
    void whatAWorkerPrintedIsKeptWhileItIsNeeded() {
        try (LocalWorkers workers = LocalWorkers.start(1, List.of("node", "--seed-node", "nonsense"))) {
            workers.processes().getFirst().onExit().join();
            assertThat(workers.log(1)).content().contains("--seed-node: expected HOST:PORT");
        }
    }
}
