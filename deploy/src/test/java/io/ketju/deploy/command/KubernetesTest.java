package io.ketju.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.ketju.actors.job.TrainingJob;
import io.ketju.deploy.config.JobAssembly;
import io.ketju.deploy.config.JobFile;
import io.ketju.deploy.display.Terminal;
import io.ketju.protocol.security.NodeCredentials;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The manifests say what the command line takes, what the image has, and what belongs together. */
class KubernetesTest {
    private static final String POD = "$(POD_NAME)";

    private final Manifest workers = Manifest.of("StatefulSet", "worker");
    private final Manifest service = Manifest.of("Service", "nodes");
    private final String namespace = Manifest.of("Namespace", "ketju").text("metadata", "name");
    private final int replicas = workers.number("spec", "replicas");

    static Stream<Manifest> pods() {
        return Stream.of(
                Manifest.of("StatefulSet", "worker"), Manifest.of("Job", "driver"), Manifest.of("Job", "resume"));
    }

    @ParameterizedTest
    @MethodSource("pods")
    void argumentsAreThoseOfTheCommandLine(Manifest pod) {
        Manifest container = container(pod);
        List<String> arguments = container.texts("args").stream()
                .map(one -> one.replace(POD, "worker-0"))
                .toList();
        parsed(arguments);
        assertThat(container.text("image")).isEqualTo("ketju:" + ImageBuild.version());
        assertThat(container.map().keySet().stream().map(String::valueOf))
                .doesNotContain("command"); // the image has one
        assertThat(environment(container)).contains(CertificateOptions.ENVIRONMENT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"startupProbe", "readinessProbe", "livenessProbe"})
    void probesAskByTheProgramOfTheImage(String name) {
        Manifest probe = container(workers).at(name);
        List<String> command = probe.texts("exec", "command");
        List<String> entry = ImageBuild.entryPoint();
        List<String> flags = command.stream()
                .skip(entry.size() - 1L)
                .takeWhile(one -> one.startsWith("-"))
                .toList();
        assertThat(command.subList(0, entry.size() - 1)).isEqualTo(entry.subList(0, entry.size() - 1));
        List<String> rest = command.subList(entry.size() - 1 + flags.size(), command.size());
        assertThat(rest.getFirst()).isEqualTo(entry.getLast());
        List<String> arguments = rest.subList(1, rest.size());
        assertThat(parsed(arguments).subcommand().commandSpec().name()).isEqualTo("ping");
        assertThat(arguments).noneMatch(one -> one.contains("$(")); // nothing is replaced in a probe
        assertThat(probe.number("timeoutSeconds")).isBetween(6, probe.number("periodSeconds") + 10);
    }

    @Test
    void namesAndPortsLeadToTheNodes() {
        assertThat(service.text("spec", "clusterIP")).isEqualTo("None");
        assertThat(service.text("spec", "publishNotReadyAddresses")).isEqualTo("true");
        assertThat(workers.text("spec", "serviceName")).isEqualTo(name(service));
        Manifest container = container(workers);
        String domain = "." + name(service) + "." + namespace + ".svc.cluster.local";
        String port = option(container, "--port");
        String meeting = name(workers) + "-0" + domain + ":" + port;
        assertThat(option(container, "--host")).isEqualTo(POD + domain);
        assertThat(option(container, "--seed-node")).isEqualTo(meeting);
        assertThat(container.text("ports", 0, "containerPort")).isEqualTo(port);
        assertThat(service.text("spec", "ports", 0, "port")).isEqualTo(port);
        assertThat(service.text("spec", "ports", 0, "targetPort")).isEqualTo(container.text("ports", 0, "name"));
        assertThat(environment(container)).contains("POD_NAME");
        for (String job : List.of("driver", "resume")) {
            Manifest driver = Manifest.of("Job", job);
            Manifest pod = pod(driver);
            assertThat(option(container(driver), "--cluster")).isEqualTo(meeting);
            assertThat(option(container(driver), "--host")).isEqualTo(pod.text("hostname") + domain);
            assertThat(pod.text("subdomain")).isEqualTo(name(service));
            assertThat(option(container(driver), "--workers")).isEqualTo(Integer.toString(replicas));
        }
    }

    @ParameterizedTest
    @MethodSource("pods")
    void theServiceAndTheRulesOfTheNetworkSelectThePods(Manifest pod) {
        assertThat(pod.text("metadata", "namespace")).isEqualTo(namespace);
        Manifest labels = pod.at("spec", "template", "metadata", "labels");
        Manifest rules = Manifest.of("NetworkPolicy", "nodes");
        for (Manifest selector : List.of(
                service.at("spec", "selector"),
                rules.at("spec", "podSelector", "matchLabels"),
                rules.at("spec", "ingress", 0, "from", 0, "podSelector", "matchLabels"))) {
            assertThat(labels.map().entrySet().containsAll(selector.map().entrySet()))
                    .as(selector.place())
                    .isTrue();
        }
        assertThat(workers.at("spec", "selector", "matchLabels").map())
                .isEqualTo(workers.at("spec", "template", "metadata", "labels").map());
    }

    @Test
    void everyWorkerSeesItsOwnCertificateAlone() {
        List<Manifest> sources = pod(workers).named("certificates", "volumes").list("projected", "sources");
        assertThat(sources).hasSize(replicas);
        for (int i = 0; i < replicas; i++) {
            String own = name(workers) + "-" + i;
            Manifest secret = sources.get(i).at("secret");
            assertThat(secret.text("name")).isEqualTo(own);
            assertThat(secret.list("items").stream().map(item -> item.text("key") + " " + item.text("path")))
                    .containsExactlyInAnyOrderElementsOf(
                            Stream.of(NodeCredentials.AUTHORITY, NodeCredentials.CERTIFICATE, NodeCredentials.KEY)
                                    .map(file -> file + " " + own + "/" + file)
                                    .toList());
        }
        Manifest mount = container(workers).named("certificates", "volumeMounts");
        assertThat(mount.text("subPathExpr")).isEqualTo(POD);
        assertThat(mount.text("mountPath")).isEqualTo(certificates(container(workers)));
        for (String job : List.of("driver", "resume")) {
            Manifest driver = Manifest.of("Job", job);
            assertThat(pod(driver).named("certificates", "volumes").text("secret", "secretName"))
                    .isEqualTo("driver");
            assertThat(container(driver).named("certificates", "volumeMounts").text("mountPath"))
                    .isEqualTo(certificates(container(driver)));
        }
    }

    @ParameterizedTest
    @MethodSource("pods")
    void podsHaveNoMoreRightsThanTheyNeed(Manifest manifest) {
        Manifest pod = pod(manifest);
        String user = ImageBuild.user();
        assertThat(pod.text("securityContext", "runAsNonRoot")).isEqualTo("true");
        assertThat(pod.text("securityContext", "runAsUser") + ":" + pod.text("securityContext", "runAsGroup"))
                .isEqualTo(user);
        assertThat(pod.text("securityContext", "fsGroup")).isEqualTo(pod.text("securityContext", "runAsGroup"));
        assertThat(pod.text("securityContext", "seccompProfile", "type")).isEqualTo("RuntimeDefault");
        assertThat(pod.text("automountServiceAccountToken")).isEqualTo("false");
        Manifest container = container(manifest);
        assertThat(container.text("securityContext", "allowPrivilegeEscalation"))
                .isEqualTo("false");
        assertThat(container.text("securityContext", "readOnlyRootFilesystem")).isEqualTo("true");
        assertThat(container.texts("securityContext", "capabilities", "drop")).containsExactly("ALL");
        for (String bound : List.of("requests", "limits")) {
            assertThat(container.at("resources", bound).map().keySet().stream().map(String::valueOf))
                    .contains("cpu", "memory");
        }
    }

    /** Its root cannot be written: what is written lies in volumes. */
    @ParameterizedTest
    @MethodSource("pods")
    void whatIsWrittenLiesInVolumes(Manifest manifest) {
        Manifest container = container(manifest);
        List<String> volumes = pod(manifest).list("volumes").stream()
                .map(KubernetesTest::nameOf)
                .toList();
        List<Manifest> mounts = container.list("volumeMounts");
        assertThat(mounts.stream().map(KubernetesTest::nameOf)).isSubsetOf(volumes);
        List<String> writable = mounts.stream()
                .filter(mount -> !mount.has("readOnly"))
                .map(mount -> mount.text("mountPath"))
                .toList();
        assertThat(writable).contains("/tmp", "/runs");
        container.texts("args").stream()
                .filter(one -> one.matches("--(root|run-dir|resume)=.*"))
                .map(one -> one.substring(one.indexOf('=') + 1))
                .forEach(folder -> assertThat(writable).anyMatch(mount -> (folder + "/").startsWith(mount + "/")));
        assertThat(pod(manifest).named("runs", "volumes").text("persistentVolumeClaim", "claimName"))
                .isEqualTo(name(Manifest.of("PersistentVolumeClaim", "runs")));
    }

    @Test
    void podsHaveTheTimeThatAnOrderlyEndTakes() {
        assertThat((long) pod(workers).number("terminationGracePeriodSeconds"))
                .isGreaterThan(
                        NodePlan.LEAVE_WITHIN.plus(NodeCommand.STOP_PATIENCE).toSeconds());
        for (String job : List.of("driver", "resume")) {
            assertThat((long) pod(Manifest.of("Job", job)).number("terminationGracePeriodSeconds"))
                    .isGreaterThan(TerminalRun.STOP_PATIENCE.toSeconds());
        }
    }

    @Test
    void theJobCanBeTrained() {
        String text = Manifest.of("ConfigMap", "job").text("data", "job.conf");
        TrainingJob job = JobAssembly.build(JobFile.parse("job.conf", text));
        assertThat(job.stages()).isGreaterThanOrEqualTo(replicas);
        Manifest driver = Manifest.of("Job", "driver");
        assertThat(container(driver).texts("args"))
                .contains(container(driver).named("job", "volumeMounts").text("mountPath") + "/job.conf");
        assertThat(option(container(driver), "--run-dir"))
                .isEqualTo(option(container(Manifest.of("Job", "resume")), "--resume"));
    }

    /** The commands of the page are Ketju's, and make the secrets that the manifests name, of nodes that are called so. */
    @Test
    void thePageMakesWhatTheManifestsNeed() throws IOException {
        String page = Files.readString(Manifest.root().resolve("docs/kubernetes.md"));
        List<String> commands = Pattern.compile("(?m)(?:^|`)\\./ketju ([^`\\n]+)")
                .matcher(page.replace("\\\n", ""))
                .results()
                .map(found -> found.group(1).strip())
                .toList();
        assertThat(commands).hasSizeGreaterThan(1);
        commands.forEach(command -> parsed(List.of(command.split(" +", -1))));
        String nodes = commands.stream()
                .filter(one -> one.startsWith("certs new"))
                .map(one -> one.replaceAll(".*--nodes ([^ ]+).*", "$1"))
                .findFirst()
                .orElseThrow();
        String domain = "." + name(service) + "." + namespace + ".svc.cluster.local";
        List<String> pods = Stream.concat(
                        IntStream.range(0, replicas).mapToObj(i -> name(workers) + "-" + i), Stream.of("driver"))
                .toList();
        assertThat(nodes.split(",", -1))
                .containsExactlyElementsOf(
                        pods.stream().map(pod -> pod + "+" + pod + domain).toList());
        assertThat(Pattern.compile("create secret generic \\$node .*--from-file=certs/\\$node")
                        .matcher(page)
                        .find())
                .isTrue();
        assertThat(Pattern.compile("for node in ([^;]*);")
                        .matcher(page)
                        .results()
                        .map(found -> found.group(1)))
                .contains(String.join(" ", pods));
        assertThat(Pattern.compile("kubernetes/(\\w+\\.yaml)")
                        .matcher(page)
                        .results()
                        .map(found -> found.group(1)))
                .allMatch(file ->
                        Files.exists(Manifest.root().resolve("kubernetes").resolve(file)));
    }

    /** Its commands of Kubernetes are about what the manifests make, in their namespace. */
    @Test
    void thePageNamesWhatTheManifestsMake() throws IOException {
        String page = Files.readString(Manifest.root().resolve("docs/kubernetes.md"));
        Map<String, String> kinds = Map.of("statefulset", "StatefulSet", "job", "Job");
        int named = 0;
        for (MatchResult command : Pattern.compile("kubectl ([^`\\n]+)")
                .matcher(page.replaceAll("\\n +", " "))
                .results()
                .toList()) {
            Matcher in = Pattern.compile("-n (\\S+)").matcher(command.group(1));
            if (in.find()) {
                assertThat(in.group(1)).as(command.group()).isEqualTo(namespace);
            }
            Matcher made = Pattern.compile("(statefulset|job)[/ ](\\S+)").matcher(command.group(1));
            if (made.find()) {
                Manifest manifest = Manifest.of(Objects.requireNonNull(kinds.get(made.group(1))), made.group(2));
                assertThat(name(manifest)).as(command.group()).isEqualTo(made.group(2));
                named++;
            }
        }
        assertThat(named).isGreaterThan(4);
    }

    private static CommandLine.ParseResult parsed(List<String> arguments) {
        Terminal nowhere = new Terminal(
                new PrintStream(new ByteArrayOutputStream()),
                new PrintStream(new ByteArrayOutputStream()),
                false,
                80,
                true);
        CommandLine ketju = CommandLineInterface.whole(nowhere);
        assertThatCode(() -> CommandLineInterface.whole(nowhere).parseArgs(arguments.toArray(String[]::new)))
                .as("%s", arguments)
                .doesNotThrowAnyException();
        return ketju.parseArgs(arguments.toArray(String[]::new));
    }

    private static Manifest pod(Manifest manifest) {
        return manifest.at("spec", "template", "spec");
    }

    private static Manifest container(Manifest manifest) {
        return pod(manifest).at("containers", 0);
    }

    private static String name(Manifest manifest) {
        return manifest.text("metadata", "name");
    }

    private static String nameOf(Manifest element) {
        return element.text("name");
    }

    private static List<String> environment(Manifest container) {
        return container.list("env").stream().map(KubernetesTest::nameOf).toList();
    }

    private static String certificates(Manifest container) {
        return container.named(CertificateOptions.ENVIRONMENT, "env").text("value");
    }

    private static String option(Manifest container, String name) {
        return container.texts("args").stream()
                .filter(one -> one.startsWith(name + "="))
                .map(one -> one.substring(name.length() + 1))
                .findFirst()
                .orElseThrow(() -> new AssertionError(container.place() + ": no " + name));
    }
}
