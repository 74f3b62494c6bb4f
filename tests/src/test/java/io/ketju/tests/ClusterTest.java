package io.ketju.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.JobKey;
import io.ketju.deploy.config.JobAssembly;
import io.ketju.deploy.config.JobFile;
import io.ketju.pipeline.catalogue.InterleavedZB;
import io.ketju.pipeline.schedule.SchedulePlan;
import io.ketju.testkit.Oracle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One job over several processes: the same bits as in one. */
class ClusterTest {
    @TempDir
    private Path folder;

    /**
     * Then a run from the state of another, which the workers load as a checkpoint. Every worker computes with another vector width, and the first run has one stage on each, the second two. Each
     * driver is the meeting point itself: the workers wait for it, and find the second after the first has gone.
     */
    @Test
    void fourWorkersThenTwoOfThemGiveTheOraclesBits() throws IOException {
        try (ProcessCluster cluster = new ProcessCluster(
                folder,
                "model.name = \"mlp(64, 40, 24, 10)\"",
                "data = digits",
                "optimizer = \"Adam(lr=0.002)\"",
                "batch = 50",
                "microbatches = 7",
                "epochs = 2",
                "stages = 4")) {
            List<ChildProcess> workers = List.of(
                    cluster.startWorker("-Dketju.vector.bits=128"),
                    cluster.startWorker("-Dketju.vector.bits=256"),
                    cluster.startWorker("-Dketju.vector.bits=512"),
                    cluster.startWorker());
            String oracle = Oracle.of(cluster.job()).stateSha256();
            workers.forEach(cluster::await);

            ChildProcess four = train(cluster, "four", "--schedule", "1F1B");
            assertThat(cluster.stateOf(cluster.run("four"))).as("%s", four).isEqualTo(oracle);
            assertThat(four.out()).anyMatch(line -> line.contains(oracle.substring(0, 16)));

            ChildProcess two = train(cluster, "two", "--workers", "2", "--schedule", "ZBV");
            assertThat(cluster.stateOf(cluster.run("two"))).as("%s", two).isEqualTo(oracle);
            assertThat(two.err()).isEmpty();

            Path plan = Files.writeString(
                    folder.resolve("plan.txt"),
                    SchedulePlan.of(new InterleavedZB(2), 4, 7).table());
            ChildProcess next = train(
                    cluster,
                    "next",
                    "--workers",
                    "2",
                    "--schedule",
                    "file('" + plan + "')",
                    "--from",
                    cluster.run("two").toString(),
                    "--epochs",
                    "1");
            String embedded = Ketju.fit(
                            JobAssembly.build(JobFile.read(cluster.run("next").resolve("job.conf"))
                                    .without(JobKey.RUN_DIR)))
                    .stateSha256();
            assertThat(cluster.stateOf(cluster.run("next"))).as("%s", next).isEqualTo(embedded);
        }
    }

    private static ChildProcess train(ProcessCluster cluster, String run, String... flags) {
        String[] arguments = new String[flags.length + 4];
        arguments[0] = "--cluster";
        arguments[1] = cluster.meeting();
        arguments[2] = "--run-dir";
        arguments[3] = cluster.run(run).toString();
        System.arraycopy(flags, 0, arguments, 4, flags.length);
        return cluster.startJob("train", arguments).requireSuccess();
    }
}
