package io.ketju.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.checkpoint.RootFolders;
import io.ketju.actors.run.Training;
import io.ketju.actors.trace.TraceFile;
import io.ketju.cluster.KetjuCluster;
import io.ketju.cluster.TinyJob;
import io.ketju.pipeline.stage.TensorKey;
import io.ketju.pipeline.trace.ClockOffsets;
import io.ketju.pipeline.trace.ProcessTrace;
import io.ketju.pipeline.trace.TraceAnalysis;
import io.ketju.pipeline.trace.TraceReport;
import io.ketju.pipeline.trace.TracedTensor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each worker leaves its own trace in the run's folder before the run ends, and together they are one. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class TracedWorkersTest {
    @TempDir
    private Path folder;

    private static ClusterOptions options(List<String> seedNodes) {
        return new ClusterOptions("127.0.0.1", 0, seedNodes, 2, Duration.ofSeconds(60));
    }

    private WorkerProcess worker(List<String> seedNodes) {
        return WorkerProcess.start(
                options(seedNodes),
                new WorkerProcess.Place(1, Optional.of(folder), RootFolders.anywhere()),
                event -> {});
    }

    private void run() {
        try (WorkerProcess first = worker(List.of());
                WorkerProcess second = worker(List.of(first.address()));
                Training training = KetjuCluster.start(
                        TinyJob.builder().stages(2).runDirectory(folder).build(), options(List.of(first.address())))) {
            assertThat(second.address()).isNotEqualTo(first.address());
            training.await();
            assertThat(TraceFile.in(folder)).containsExactly(TraceFile.of(folder, 0), TraceFile.of(folder, 1));
        }
    }

    @Test
    void byOneClockNothingArrivesBeforeItWasSent() {
        run();
        List<ProcessTrace> processes = ClockOffsets.aligned(
                TraceFile.in(folder).stream().map(TraceFile::read).toList());
        Map<TracedTensor, Long> sent = new HashMap<>();
        processes.forEach(process -> process.sent().forEach(tensor -> sent.put(identity(tensor), tensor.at())));
        for (int worker = 0; worker < 2; worker++) {
            assertThat(processes.get(worker).arrived())
                    .filteredOn(tensor -> tensor.kind() != TensorKey.Kind.FED)
                    .isNotEmpty()
                    .allSatisfy(tensor -> assertThat(sent.get(identity(tensor))).isLessThanOrEqualTo(tensor.at()));
        }
        TraceReport report = TraceAnalysis.report(processes);
        assertThat(report.ranks().stream().map(TraceReport.RankTimes::rank)).containsExactly(0, 1);
        assertThat(report.windows() + report.skipped()).isEqualTo(8);
        assertThat(report.pace()).isPresent();
    }

    private static TracedTensor identity(TracedTensor tensor) {
        return new TracedTensor(
                tensor.kind(), tensor.window(), tensor.microbatch(), tensor.edge(), tensor.from(), tensor.to(), 0);
    }
}
