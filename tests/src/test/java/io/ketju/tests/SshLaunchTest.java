package io.ketju.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.Ketju;
import io.ketju.deploy.config.JobAssembly;
import io.ketju.deploy.config.JobFile;
import io.ketju.testkit.Oracle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ketju launch --hosts}: workers over ssh give the bits of one JVM, survive losses, and never outlive their launch. */
class SshLaunchTest {
    private static final int TERMINATED = 128 + 15;

    @TempDir
    private Path folder;

    @Test
    void workersOverSshGiveTheOraclesBitsAndSurviveALoss() throws Exception {
        Launcher launcher = Launcher.laidOutIn(folder);
        try (SshHosts hosts = new SshHosts(2, launcher)) {
            Path list = Files.write(folder.resolve("hosts.txt"), hosts.lines());
            Path run = folder.resolve("run");
            ChildProcess launch =
                    launch(hosts, list, job(), "--epochs", "4", "--no-report", "--run-dir", run.toString());
            try (launch) {
                launch.awaitLine(line -> line.startsWith("epoch 1/"));
                requireOwnerOnly(hosts.cache(1));
                hosts.processes(1, "java").forEach(ProcessHandle::destroyForcibly);
                launch.requireSuccess();
            }
            requireCopied(launch);
            assertThat(launch.out())
                    .anyMatch(line -> line.startsWith(Hosts.address(2) + ": ready: joined the cluster"))
                    .anyMatch(line -> line.startsWith("worker 1 on " + Hosts.address(1) + " with stage")
                            && line.contains(": goes on with step "));
            assertThat(Ketju.state(run).sha256())
                    .as("%s", launch)
                    .isEqualTo(Oracle.of(JobAssembly.build(JobFile.read(run.resolve("job.conf"))))
                            .stateSha256());
            requireNothingLeft(hosts);
        }
    }

    @Test
    @Tag("long")
    void workersEndWithTheirConnectionAndWithTheirLaunchAndAreCopiedOnce() throws Exception {
        Launcher launcher = Launcher.laidOutIn(folder);
        try (SshHosts hosts = new SshHosts(2, launcher)) {
            Path list = Files.write(folder.resolve("hosts.txt"), hosts.lines());
            Path job = job();
            try (ChildProcess first = launch(hosts, list, job, "--epochs", "1", "--no-save")) {
                requireCopied(first.requireSuccess());
            }
            try (ChildProcess second = launch(hosts, list, job, "--epochs", "5000", "--no-save")) {
                second.awaitLine(line -> line.startsWith("epoch    1/"));
                List<ProcessHandle> workers = Stream.of(1, 2)
                        .flatMap(host -> hosts.processes(host, "java").stream())
                        .toList();
                hosts.processes(0, "ssh").getFirst().destroyForcibly(); // the connection dies
                second.awaitLine(line -> line.contains(": goes on with step "));
                assertThat(workers).hasSize(2);
                awaitEnd(CompletableFuture.anyOf(ends(workers))); // its worker ends with it

                terminate(hosts);

                assertThat(second.awaitExit()).as("%s", second).isEqualTo(TERMINATED);
                assertThat(second.out()).noneMatch(line -> line.contains("copied Ketju"));
                awaitEnd(CompletableFuture.allOf(ends(workers)));
            }
            requireNothingLeft(hosts);
        }
    }

    private static void requireCopied(ChildProcess launch) {
        assertThat(launch.out())
                .anyMatch(line -> line.startsWith(Hosts.address(1) + ": copied Ketju"))
                .anyMatch(line -> line.startsWith(Hosts.address(2) + ": copied Ketju"));
    }

    private ChildProcess launch(SshHosts hosts, Path list, Path job, String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("launch", job.toString(), "--hosts", list.toString(), "--ssh-config", hosts.config()));
        arguments.addAll(List.of(more));
        return hosts.ketju(arguments.toArray(String[]::new));
    }

    private Path job() throws IOException {
        return Files.writeString(folder.resolve("job.conf"), """
                model.name = "mlp(64, 40, 10)"
                data = digits
                optimizer = "Adam(lr=0.002)"
                batch = 32
                microbatches = 4
                stages = 2
                """);
    }

    /** The JVM alone, and by the signal that no shell has it ignore, as one does with that of Ctrl-C for what it starts aside. */
    private static void terminate(SshHosts hosts) {
        Hosts.said(
                "kill",
                "-TERM",
                Long.toString(hosts.processes(0, "java").getFirst().pid()));
    }

    private static void requireOwnerOnly(Path cache) throws IOException {
        try (Stream<Path> all = Files.walk(cache.resolve("ketju").resolve("nodes"))) {
            List<Path> paths = all.toList();
            assertThat(paths).anyMatch(path -> path.endsWith("node-key.pem"));
            for (Path path : paths) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                        .as("%s", path)
                        .endsWith("------");
            }
        }
    }

    /** The distribution stays; certificates and half copies do not. */
    private static void requireNothingLeft(SshHosts hosts) {
        for (int host = 1; host <= 2; host++) {
            Path ketju = hosts.cache(host).resolve("ketju");
            assertThat(list(ketju.resolve("nodes"))).isEmpty();
            assertThat(list(ketju.resolve("dist"))).hasSize(1);
        }
    }

    private static List<Path> list(Path folder) {
        try (Stream<Path> all = Files.list(folder)) {
            return all.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static CompletableFuture<?>[] ends(List<ProcessHandle> workers) {
        return workers.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new);
    }

    private static void awaitEnd(CompletableFuture<?> end) throws Exception {
        end.get(ChildProcess.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
}
