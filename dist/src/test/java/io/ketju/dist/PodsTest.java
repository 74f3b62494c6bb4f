package io.ketju.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.ketju.actors.Ketju;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/**
 * The manifests of Kubernetes, played without it: each pod is its container's command in the image, with its mounts, its
 * user and its name, in a network of their own that has no other host. A run over them has the bits of one JVM.
 */
class PodsTest {
    private static final int WORKERS = 3;
    private static final int PROBES = 60;
    private static final int TERMINATED = 128 + 15;
    private static final String DOMAIN = ".nodes.ketju.svc.cluster.local";

    @TempDir
    private Path folder;

    private final String network = "ketju-pods-" + ProcessHandle.current().pid();

    @Test
    void aRunOverThePodsOfTheManifestsHasTheBitsOfOneJvm() throws IOException, InterruptedException {
        UnpackedImage image = UnpackedImage.in(folder);
        Path runs = image.writable(folder.resolve("runs"));
        Map<String, Path> shared = Map.of(
                "/runs", runs,
                "/etc/hosts", hosts(),
                "/job", Files.createDirectory(folder.resolve("job")));
        SmallJob.write(folder.resolve("job/job.conf"));
        Map<String, Path> certificates = certificates(image, runs);
        List<Process> workers = new ArrayList<>();
        try {
            open();
            Map<?, ?> worker = container("workers.yaml");
            for (int i = 0; i < WORKERS; i++) {
                workers.add(start(image, mounts(shared, certificates, "worker-" + i), "worker-" + i, worker));
            }
            for (int i = 0; i < WORKERS; i++) {
                awaitProbe(image, mounts(shared, certificates, "worker-" + i), worker);
            }
            Command driver = Command.run(
                    folder,
                    environment(image),
                    within(
                            image,
                            mounts(shared, certificates, "driver"),
                            arguments(image, container("driver.yaml"), "driver")));
            driver.requireSuccess();
            assertThat(Ketju.state(runs.resolve("fashion-lenet")).sha256())
                    .as("%s", driver)
                    .isEqualTo(SmallJob.stateSha256());
            for (Process one : workers) {
                one.toHandle().destroy(); // SIGTERM, as a pod is ended
                assertThat(one.waitFor(30, TimeUnit.SECONDS))
                        .as("within the grace period")
                        .isTrue();
                assertThat(one.exitValue()).isEqualTo(TERMINATED);
            }
        } finally {
            for (Process one : workers) {
                one.destroyForcibly().waitFor();
            }
            ip("netns", "del", network);
        }
    }

    /** A network with an address for every pod. */
    private void open() {
        assumeThat(ip("netns", "add", network).code())
                .as("network namespaces can be made: root, and ip of iproute2")
                .isZero();
        ip("-n", network, "link", "set", "lo", "up").requireSuccess();
        for (int i = 0; i <= WORKERS; i++) {
            ip("-n", network, "addr", "add", address(i) + "/32", "dev", "lo").requireSuccess();
        }
    }

    private Command ip(String... arguments) {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments));
        return Command.run(folder, UnpackedImage.TOOLS, command);
    }

    private static String address(int pod) {
        return "10.98.0." + (pod + 1);
    }

    private static String pod(int number) {
        return number < WORKERS ? "worker-" + number : "driver";
    }

    /** What a cluster's names lead to. */
    private Path hosts() throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i <= WORKERS; i++) {
            lines.add(address(i) + " " + pod(i) + DOMAIN + " " + pod(i));
        }
        return Files.write(folder.resolve("hosts"), lines);
    }

    /** By the image's own command; then as secrets are: root's, readable by the pod's group. */
    private Map<String, Path> certificates(UnpackedImage image, Path runs) throws IOException {
        List<String> nodes = new ArrayList<>();
        for (int i = 0; i <= WORKERS; i++) {
            nodes.add(pod(i) + "+" + pod(i) + DOMAIN);
        }
        List<String> command = new ArrayList<>(image.entryPoint());
        command.addAll(List.of("certs", "new", "--out", "/runs/certs", "--nodes", String.join(",", nodes)));
        Command.run(folder, image.environment(), image.entering(Map.of("/runs", runs), command))
                .requireSuccess();
        Path certs = Files.move(runs.resolve("certs"), folder.resolve("certs"));
        String group = image.user().replaceAll(".*:", "");
        Command.run(folder, UnpackedImage.TOOLS, List.of("chown", "-R", "0:" + group, certs.toString()))
                .requireSuccess();
        Command.run(folder, UnpackedImage.TOOLS, List.of("chmod", "-R", "u=rX,g=rX,o=", certs.toString()))
                .requireSuccess();
        Map<String, Path> found = new LinkedHashMap<>();
        for (int i = 0; i <= WORKERS; i++) {
            found.put(pod(i), certs.resolve(pod(i)));
        }
        return found;
    }

    private static Map<String, Path> mounts(Map<String, Path> shared, Map<String, Path> certificates, String pod) {
        Map<String, Path> mounts = new LinkedHashMap<>(shared);
        mounts.put("/certs", Objects.requireNonNull(certificates.get(pod), pod));
        return mounts;
    }

    private static Map<String, String> environment(UnpackedImage image) {
        Map<String, String> environment = new LinkedHashMap<>(image.environment());
        environment.put("KETJU_CERTS", "/certs");
        return environment;
    }

    private List<String> within(UnpackedImage image, Map<String, Path> mounts, List<String> command)
            throws IOException {
        List<String> whole = new ArrayList<>(List.of("ip", "netns", "exec", network));
        whole.addAll(image.entering(mounts, command));
        return whole;
    }

    private Process start(UnpackedImage image, Map<String, Path> mounts, String name, Map<?, ?> container)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(within(image, mounts, arguments(image, container, name)))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".log").toFile());
        builder.environment().clear();
        builder.environment().putAll(environment(image));
        return builder.start();
    }

    /** As a kubelet does: until it succeeds, so many times at most. Each takes the time that Java takes to start. */
    private void awaitProbe(UnpackedImage image, Map<String, Path> mounts, Map<?, ?> container) throws IOException {
        Map<?, ?> exec = (Map<?, ?>) map(container, "startupProbe").get("exec");
        List<String> command = texts(Objects.requireNonNull(exec), "command");
        Command last = Command.run(folder, environment(image), within(image, mounts, command));
        for (int i = 1; i < PROBES && last.code() != 0; i++) {
            last = Command.run(folder, environment(image), within(image, mounts, command));
        }
        last.requireSuccess();
        assertThat(last.out().getLast()).endsWith(" answers");
    }

    private static List<String> arguments(UnpackedImage image, Map<?, ?> container, String pod) {
        List<String> command = new ArrayList<>(image.entryPoint());
        texts(container, "args").forEach(argument -> command.add(argument.replace("$(POD_NAME)", pod)));
        return command;
    }

    private static Map<?, ?> container(String file) throws IOException {
        Map<?, ?> manifest = new Yaml().load(Files.readString(Path.of("..", "kubernetes", file)));
        Map<?, ?> pod = map(map(map(manifest, "spec"), "template"), "spec");
        return (Map<?, ?>) ((List<?>) Objects.requireNonNull(pod.get("containers"))).getFirst();
    }

    private static Map<?, ?> map(Map<?, ?> from, String key) {
        return (Map<?, ?>) Objects.requireNonNull(from.get(key), key);
    }

    private static List<String> texts(Map<?, ?> from, String key) {
        return ((List<?>) Objects.requireNonNull(from.get(key), key))
                .stream().map(String::valueOf).toList();
    }
}
