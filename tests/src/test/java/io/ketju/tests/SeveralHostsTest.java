package io.ketju.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.Ketju;
import io.ketju.deploy.config.JobAssembly;
import io.ketju.deploy.config.JobFile;
import io.ketju.testkit.Oracle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hosts with certificates, each in a network namespace, none of which sees the folder of the run: the bits of one JVM, also when one
 * of them is cut off and another goes on with its stage.
 */
class SeveralHostsTest {
    private static final int DRIVER = 4;
    private static final String MEETING = Hosts.address(1) + ":7355";

    @TempDir
    private Path folder;

    private Launcher launcher;
    private Path job;
    private Path driverOnly;

    @BeforeEach
    void layOut() throws IOException {
        launcher = Launcher.in(folder);
        driverOnly = Files.createDirectory(folder.resolve("driver"));
        job = Files.writeString(folder.resolve("job.conf"), """
                model.name = "mlp(64, 40, 10)"
                data = digits
                optimizer = "Adam(lr=0.002)"
                batch = 32
                microbatches = 4
                epochs = 12
                stages = 2
                """);
    }

    @Test
    void theRunGoesOnOnASpareWhenAHostIsCutOff() {
        launcher.ketju(
                        "certs",
                        "new",
                        "--out",
                        folder.resolve("certs").toString(),
                        "--nodes",
                        String.join(",", Hosts.address(1), Hosts.address(2), Hosts.address(3), Hosts.address(DRIVER)))
                .requireSuccess();
        List<ChildProcess> started = new ArrayList<>();
        try (Hosts hosts = new Hosts(DRIVER, launcher)) {
            try {
                for (int host = 1; host < DRIVER; host++) {
                    started.add(node(hosts, host));
                }
                started.forEach(node -> node.awaitLine(line -> line.startsWith("ready: ")));
                ChildProcess status = hosts.ketju(DRIVER, "status", "--cluster", MEETING, "--certs", certs(DRIVER));
                started.add(status);
                assertThat(status.requireSuccess().out())
                        .as("%s", status)
                        .filteredOn(line -> line.matches(" *10\\.99\\.0\\.[123]:\\d+ +worker +free +1 .*"))
                        .hasSize(3);
                ChildProcess training = training(hosts);
                started.add(training);
                training.awaitLine(line -> line.startsWith("epoch") && line.contains("test loss"));
                int busy = started.get(1).out().stream().anyMatch(line -> line.contains("assigned stage")) ? 2 : 3;
                hosts.cutOff(busy);
                training.requireSuccess();
                assertThat(training.out()).anyMatch(line -> line.contains(": goes on with step "));
                assertThat(Ketju.state(driverOnly.resolve("run")).sha256())
                        .as("%s", training)
                        .isEqualTo(
                                Oracle.of(JobAssembly.build(JobFile.read(job))).stateSha256());
            } finally {
                started.forEach(ChildProcess::close);
            }
        }
    }

    private ChildProcess node(Hosts hosts, int host) {
        List<String> arguments =
                new ArrayList<>(List.of("node", "--seed-node", MEETING, "--certs", certs(host), "--threads", "1"));
        if (host == 1) {
            arguments.addAll(List.of("--port", "7355"));
        }
        return hosts.ketjuWithout(driverOnly, host, arguments.toArray(String[]::new));
    }

    private ChildProcess training(Hosts hosts) {
        return hosts.ketju(
                DRIVER,
                "train",
                job.toString(),
                "--cluster",
                MEETING,
                "--workers",
                "2",
                "--certs",
                certs(DRIVER),
                "--run-dir",
                driverOnly.resolve("run").toString());
    }

    private String certs(int host) {
        return folder.resolve("certs").resolve(Hosts.address(host)).toString();
    }
}
