package io.ketju.benchmarks.dataplane;

import io.ketju.benchmarks.measure.Contest;
import io.ketju.benchmarks.measure.Effort;
import io.ketju.benchmarks.measure.Report;
import io.ketju.benchmarks.measure.Samples;
import io.ketju.benchmarks.measure.Turn;
import io.ketju.protocol.dataplane.PlaneSecurity;
import io.ketju.protocol.security.CertificateAuthority;
import io.ketju.protocol.security.ClusterSecret;
import io.ketju.protocol.security.NodeCredentials;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Tensors over loopback: two data planes that know a secret, two that speak TLS, a plain socket copy, and one that computes the
 * same checksums.
 */
public final class DataPlaneBenchmark {
    private static final List<Integer> KIBIBYTES = List.of(16, 256, 4096);
    private static final int BURST_BYTES = 16 << 20;

    private static final String PLANE = "data plane";
    private static final String ENCRYPTED = "data plane, TLS";
    private static final String SOCKET = "socket";
    private static final String CHECKED = "socket with CRC32C";

    private final Effort effort;

    /** Turns of the given effort. */
    public DataPlaneBenchmark(Effort effort) {
        this.effort = effort.withWarmthFor(KIBIBYTES.size());
    }

    /** Runs all sizes and prints one table. Each contestant has two threads, whatever the number of compute threads. */
    public void run(PrintStream out) throws Exception {
        Report report = new Report(
                "Loopback, MB/s (10^6 bytes)",
                "tensor",
                "data plane",
                "data plane, TLS",
                "socket",
                "socket + CRC32C",
                "data plane / socket",
                "data plane / socket + CRC32C");
        String transport = "";
        PlaneSecurity secret = PlaneSecurity.of(ClusterSecret.random());
        PlaneSecurity tls = PlaneSecurity.of(credentials());
        for (int size : KIBIBYTES) {
            int bytes = size * 1024;
            int burst = BURST_BYTES / bytes;
            try (DataPlaneCopy plane = new DataPlaneCopy(bytes, secret);
                    DataPlaneCopy encrypted = new DataPlaneCopy(bytes, tls);
                    SocketCopy socket = new SocketCopy(bytes, false);
                    SocketCopy checked = new SocketCopy(bytes, true)) {
                transport = plane.transport();
                Contest.Results results = new Contest()
                        .with(PLANE, Turn.repeating(BURST_BYTES, effort, () -> plane.copy(burst)))
                        .with(ENCRYPTED, Turn.repeating(BURST_BYTES, effort, () -> encrypted.copy(burst)))
                        .with(SOCKET, Turn.repeating(BURST_BYTES, effort, () -> socket.copy(burst)))
                        .with(CHECKED, Turn.repeating(BURST_BYTES, effort, () -> checked.copy(burst)))
                        .run(effort);
                addRow(report, size, results);
            }
        }
        report.note("Bars of data plane / socket + CRC32C: 0.8 at 16 KiB, 0.95 at 256 KiB and 4 MiB.");
        report.note("Data plane over " + transport + ", CRC32C on both sides, 8 credits, bursts of 16 MiB.");
        report.note(effort.note());
        report.print(out, 2);
    }

    /** Of both ends, for as long as this runs. */
    private static NodeCredentials credentials() throws IOException {
        Path folder = Files.createTempDirectory("ketju-benchmark");
        try {
            Instant now = Instant.now();
            CertificateAuthority.create("benchmark", now)
                    .issue(folder, List.of("localhost", "127.0.0.1"), now, Duration.ofDays(1));
            return NodeCredentials.read(folder);
        } finally {
            for (String file : List.of(NodeCredentials.KEY, NodeCredentials.CERTIFICATE, NodeCredentials.AUTHORITY)) {
                Files.deleteIfExists(folder.resolve(file));
            }
            Files.deleteIfExists(folder);
        }
    }

    private static void addRow(Report report, int size, Contest.Results results) {
        Samples plane = results.of(PLANE);
        Samples socket = results.of(SOCKET);
        Samples checked = results.of(CHECKED);
        report.row(
                size < 1024 ? size + " KiB" : size / 1024 + " MiB",
                Report.count(plane.median() / 1e6),
                Report.count(results.of(ENCRYPTED).median() / 1e6),
                Report.count(socket.median() / 1e6),
                Report.count(checked.median() / 1e6),
                Report.number(plane.ratioTo(socket), 2),
                Report.number(plane.ratioTo(checked), 2));
    }
}
