package io.ketju.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.JobBuilder;
import io.ketju.cluster.KetjuCluster;
import io.ketju.cluster.node.ClusterOptions;
import io.ketju.pipeline.catalogue.GPipe;
import io.ketju.tensor.core.TensorCore;
import io.ketju.testkit.Oracle;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The networks as jobs, in this JVM and over two worker processes: the bits of the plain loop, and PyTorch's losses. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NetworkJobsTest {
    private final TensorCore core = TensorCore.open(1);
    private ProcessCluster cluster;

    /** One pair for all networks, whose workers compute with different vector widths. */
    @BeforeAll
    void startWorkers(@TempDir Path folder) {
        cluster = new ProcessCluster(folder);
        ChildProcess first = cluster.startFirstWorker("-Dketju.vector.bits=128");
        ChildProcess second = cluster.startWorker("-Dketju.vector.bits=256");
        cluster.await(first);
        cluster.await(second);
    }

    @AfterAll
    void close() {
        cluster.close();
        core.close();
    }

    @ParameterizedTest
    @EnumSource
    void jobsOfOneStageThreeStagesAndTwoProcessesAgree(Network network) {
        NetworkRun plain = plain(network);
        plain.requireLossesOf(network);

        assertThat(embedded(network.job().stages(1))).as("%s, 1 stage", network).isEqualTo(plain);
        assertThat(embedded(network.job().stages(3)))
                .as("%s, 3 stages", network)
                .isEqualTo(plain);
        int nodes = network.recipe().model().nodes().size();
        assertThat(embedded(network.job().schedule(new GPipe()).stageBounds(List.of(0, 1, nodes - 1, nodes))))
                .as("%s, 3 unequal stages", network)
                .isEqualTo(plain);

        assertThat(overProcesses(network.job().stages(3)))
                .as("%s, 3 stages on 2 processes", network)
                .isEqualTo(plain);
    }

    private NetworkRun plain(Network network) {
        return NetworkRun.inProcess(
                network, Oracle.oneStage(network.job().build().pipeline()), core);
    }

    private static NetworkRun embedded(JobBuilder job) {
        return NetworkRun.ofJob(job.build(), Ketju::start);
    }

    private NetworkRun overProcesses(JobBuilder job) {
        ClusterOptions options = cluster.options(2);
        return NetworkRun.ofJob(job.build(), (built, listener) -> KetjuCluster.start(built, options, listener));
    }
}
