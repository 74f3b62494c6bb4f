package io.ketju.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.TrainingFailedException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run over processes that meets NaN ends in the words of a run in one JVM, and its workers serve on. */
class NonFiniteTest {
    @TempDir
    private Path folder;

    @Test
    void aBadLossIsTracedBackThroughAllProcesses() {
        String[] job = {
            "model.name = \"mlp(64, 40, 24, 10)\"",
            "data = digits",
            "optimizer = \"SGD(lr=1e30)\"",
            "batch = 50",
            "microbatches = 4",
            "epochs = 1",
            "stages = 4"
        };
        try (ProcessCluster cluster = new ProcessCluster(folder, job)) {
            ChildProcess first = cluster.startFirstWorker();
            ChildProcess second = cluster.startWorker();
            cluster.await(first);
            cluster.await(second);
            String embedded = catchThrowableOfType(TrainingFailedException.class, () -> Ketju.fit(cluster.job()))
                    .getMessage();
            assertThat(embedded).contains("micro-batch 0: the loss is", "; it began in layer ");
            for (int run = 0; run < 2; run++) {
                String directory = cluster.run("run-" + run).toString();
                ChildProcess driver = cluster.startJob(
                        "train", "--cluster", cluster.meeting(), "--workers", "2", "--run-dir", directory);
                assertThat(driver.awaitExit()).as("%s", driver).isEqualTo(1);
                assertThat(driver.err()).as("%s", driver).containsExactly("ketju train: " + embedded);
            }
        }
    }
}
