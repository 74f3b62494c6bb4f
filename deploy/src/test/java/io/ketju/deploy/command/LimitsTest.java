package io.ketju.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What asks for too much is one short line and exit code 2, soon and before anything is built. */
@Timeout(60)
class LimitsTest {
    private static final String DIGITS = "data = digits\nmodel { name = \"mlp(64, 10)\" }\n";
    private static final int LONGEST_LINE = 800;

    @TempDir
    Path folder;

    static Stream<Arguments> files() {
        return Stream.of(
                job("bytes", DIGITS + "#".repeat(1 << 20), "expected at most 1048576 bytes"),
                job("open braces", "a{".repeat(100_000), "job.conf:1: expected at most 32 levels of nesting"),
                job("open brackets", DIGITS + "stages = " + "[".repeat(100_000), "job.conf:3", "32 levels"),
                job("a path of a key", "a.".repeat(100_000) + "b = 1", "32 levels"),
                job("a quoted path of a key", "\"a\".".repeat(100_000) + "b = 1", "32 levels"),
                job("keys", "a = 1\n".repeat(100_000), "job.conf:1001: expected at most 1000 keys and groups"),
                job("groups", "a{}".repeat(100_000), "1000 keys and groups"),
                job("words side by side", DIGITS + "batch = " + "a ".repeat(400_000), "job.conf:3", "side by side"),
                job("texts side by side", DIGITS + "batch = " + "\"a\"".repeat(200_000), "side by side"),
                job("lists side by side", DIGITS + "batch = " + "[1]".repeat(200_000), "side by side"),
                job("laughs", laughs(), "job.conf:2: expected no substitution", "'${a0}${a0}'"),
                job("a variable", DIGITS + "name = ${?HOME}", "job.conf:3: expected no substitution"),
                job("an addition", DIGITS + "stages += 1", "job.conf:3", "'+='"),
                job("an include", DIGITS + "  include \"x.conf\"", "job.conf:3: expected no include"),
                job("an include of a file", "include required(file(\"/etc/passwd\"))", "job.conf:1", "no include"),
                job("an include of the class path", "model { include classpath(\"x\") }", "job.conf:1", "no include"),
                job("an include in a list", "data = digits\nstages = [include \"x\"]", "job.conf:2", "no include"));
    }

    static Stream<Arguments> values() {
        return Stream.of(
                job("micro-batches", DIGITS + "microbatches = 1000000000\nbatch = 2000000000", "job.conf:3", "1024"),
                job("micro-batches of few samples", DIGITS + "batch = 8\nmicrobatches = 9", "job.conf:4", "8 samples"),
                job(
                        "a table",
                        many(100) + "data = digits\nstages = 100\nbatch = 1024\nmicrobatches = 1024",
                        "microbatches: expected at most 163 with 100 stages"),
                job("stages", many(2000) + "data = digits\nstages = 2000", "stages: expected at most 1024"),
                job("threads", DIGITS + "threads = 100000", "job.conf:3: threads: expected at most 1024"),
                job("samples", DIGITS + "batch = 2147483647", "job.conf:3: batch: expected at most 33554431"),
                job(
                        "outputs",
                        "data = digits\nmodel.name = \"mlp(64, 100000, 10)\"\nbatch = 100000\nmicrobatches = 4",
                        "job.conf:3: batch: expected at most 85896, found 100000",
                        "layer 1 is [100000]"),
                job("layers", many(100_000) + "data = digits", "job.conf:1: model", "at most 10000 layers"),
                job(
                        "parameters",
                        "data = digits\nmodel { input = [1, 8, 8], layers = [\"Flatten()\", \"Linear(64, 40000000)\"] }",
                        "layer 1 Linear(64, 40000000): shape [40000000, 64] has over 2^31-1 elements"),
                job(
                        "padding",
                        "data = digits\nmodel { input = [1, 8, 8], layers = [\"Conv2d(1, 1, 1, padding=2147483647)\"] }",
                        "layer 0",
                        "padded by 2147483647"),
                job(
                        "padding that a stride hides",
                        "data = digits\nmodel { input = [1, 8, 8], layers = [\"Conv2d(1, 1, 1, stride=1000000, padding=1000000)\"] }",
                        "layer 0",
                        "over 2^31-1 elements"),
                job("memory", tall(), "memory: expected at most the ", " GiB of this machine, found", "for 1 stage"),
                job("a rate of nothing", DIGITS + "optimizer = \"SGD(lr=1e-400)\"", "job.conf:3", "'1e-400'"),
                job("minus nothing", DIGITS + "optimizer = \"Adam(lr=-0.0)\"", "job.conf:3", "'-0.0'"),
                job("a rate of zero", DIGITS + "optimizer = \"Adam(lr=0)\"", "job.conf:3", "a number > 0, found 0"),
                job("an infinite rate", DIGITS + "optimizer = \"Adam(lr=1e999)\"", "job.conf:3", "'1e999'"));
    }

    static Stream<Arguments> quotations() {
        String long1 = "x".repeat(900_000);
        return Stream.of(
                job("a name", DIGITS + "name = " + long1, "job.conf:3: name", "xxx...\""),
                job("an optimizer", DIGITS + "optimizer = \"" + long1 + "\"", "job.conf:3: optimizer", "xxx...'"),
                job("an argument", DIGITS + "optimizer = \"SGD(lr=" + long1 + ")\"", "job.conf:3", "..."),
                job("parentheses", DIGITS + "optimizer = \"SGD" + "(".repeat(100_000) + "\"", "job.conf:3", "..."),
                job("a number", DIGITS + "batch = " + "9".repeat(900_000), "job.conf:3"),
                job("a list", DIGITS + "batch = [" + "1,".repeat(400_000) + "]", "job.conf:3: batch", "the list [1, "),
                job("a key", long1 + " = 1", "unknown key 'xxx"),
                job("bounds", DIGITS + "stage-bounds = [" + "7,".repeat(1000) + "]", "stages", "..."),
                job("a schedule", DIGITS + "schedule = " + long1, "job.conf:3: schedule", "xxx...'"),
                job(
                        "a layer",
                        "data = digits\nmodel { input = [1], layers = [\"" + long1 + "\"] }",
                        "job.conf:2",
                        "..."),
                job("sizes", "data = digits\nmodel { name = \"mlp(1" + ",x".repeat(100_000) + ")\" }", "..."),
                job("data", "data = " + long1 + "\nmodel.name = lenet", "job.conf:1", "dataset 'xxx"),
                job("zeros", DIGITS + "name = \"" + "\\u0000".repeat(100_000) + "\"", "job.conf:3", "\\u0000\\u0000"),
                job("a direction", DIGITS + "data = \"\\u202Egnp.x\"", "job.conf:3", "\\u202egnp.x"),
                job("a colour", DIGITS + "optimizer = \"\\u001B[31m\"", "job.conf:3", "\\u001b[31m"),
                job("raw zeros", DIGITS + "seed = " + "\u0000".repeat(500_000), "job.conf:3", "\\u0000"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"files", "values", "quotations"})
    void isRefused(String name, String text, String[] pieces) throws IOException {
        Path job = Files.writeString(folder.resolve("job.conf"), text);
        String run = folder.resolve("run").toString();
        assertRefused(InProcess.run("train", job.toString(), "--run-dir", run), pieces);
        assertThat(folder.resolve("run")).doesNotExist();
    }

    @Test
    void planShowsWhatNoMachineHas() throws IOException {
        Path job = Files.writeString(folder.resolve("job.conf"), tall());
        InProcess plan = InProcess.run("plan", job.toString());
        assertThat(plan.exitCode()).as(plan.err()).isEqualTo(CommandLineInterface.OK);
        assertRefused(InProcess.run("launch", job.toString(), "--nodes", "1", "--no-save"), "memory: ");
    }

    @Test
    void includesAreNotFetched() throws IOException {
        AtomicInteger requests = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        try {
            String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/x.conf";
            for (String include :
                    new String[] {"url(\"" + url + "\")", "required(url(\"" + url + "\"))", "\"" + url + "\""}) {
                Path job = Files.writeString(folder.resolve("job.conf"), "include " + include + "\n" + DIGITS);
                assertRefused(
                        InProcess.run("plan", job.toString()), "job.conf:1: expected no include: a job is one file");
            }
        } finally {
            server.stop(0);
        }
        assertThat(requests).hasValue(0);
    }

    @Test
    void commentsAndTextsMayHaveAnything() throws IOException {
        String text = "# include \"x\" ${a}\n// {{{{ += \n" + DIGITS + "stages = 2 # ${b}\n"
                + "optimizer = \"\"\"Adam()\"\"\" // include\n\"name\" = \"include\"\n";
        Path job = Files.writeString(folder.resolve("job.conf"), text);
        InProcess plan = InProcess.run("plan", job.toString());
        assertThat(plan.exitCode()).as(plan.err()).isEqualTo(CommandLineInterface.OK);
        assertThat(plan.out()).startsWith("Plan of include");
        Path quoted = Files.writeString(folder.resolve("job.conf"), DIGITS + "name = \"${x}\\\" include {{{\"");
        assertRefused(InProcess.run("plan", quoted.toString()), "job.conf:3: name", "\"${x}\" include {{{\"");
    }

    @Test
    void flagsAreQuotedShort() {
        String long1 = "x".repeat(100_000);
        assertRefused(InProcess.run("train", "--stages", long1), "--stages", "xxx...\"");
        assertRefused(InProcess.run("train", "--" + long1), "unknown option '--xxx");
        assertRefused(InProcess.run(long1), "unknown command 'xxx");
        assertRefused(InProcess.run("train", long1 + ".conf"), "job file xxx");
        assertRefused(InProcess.run("node", "--seed-node", long1), "--seed-node", "xxx...\"");
        assertRefused(InProcess.run("node", "--seed-node", "127.0.0.1:1", "--threads", "99999"), "1024", "\"99999\"");
        assertRefused(InProcess.run("train", "--lr", "1e-400"), "--lr", "'1e-400'");
        assertRefused(InProcess.run("train", "--lr", "0"), "--lr", "a number > 0");
        assertRefused(InProcess.run("train", "--data", "\u001b[31mred"), "\\u001b[31mred");
    }

    private static void assertRefused(InProcess result, String... pieces) {
        assertThat(result.exitCode()).as(start(result.err())).isEqualTo(CommandLineInterface.BAD_INPUT);
        assertThat(result.err().lines()).as(start(result.err())).hasSize(1);
        // A path on Linux may have 4,096 characters.
        assertThat(start(result.err())).contains(pieces);
        int longest = result.err().contains("job file x") ? 4096 + LONGEST_LINE : LONGEST_LINE;
        assertThat(result.err().length()).as(start(result.err())).isLessThan(longest);
        assertThat(result.err().strip().chars()).noneMatch(Character::isISOControl);
    }

    private static String start(String text) {
        return text.substring(0, Math.min(text.length(), 2000));
    }

    private static Arguments job(String name, String text, String... pieces) {
        return Arguments.of(name, text, pieces);
    }

    private static String laughs() {
        return "a0 = ha\n"
                + IntStream.range(1, 34)
                        .mapToObj(i -> "a" + i + " = ${a" + (i - 1) + "}${a" + (i - 1) + "}\n")
                        .collect(Collectors.joining());
    }

    /** A model of so many layers of almost no work. */
    private static String many(int layers) {
        return "model { input = [1, 8, 8], layers = [\"Flatten\",\"Linear(64,10)\"" + ",ReLU".repeat(layers - 2)
                + "] }\n";
    }

    /** A model of some terabytes: 300 layers of 8.6 GB of weights, and as much of gradients. */
    private static String tall() {
        return "data = digits\nmodel { input = [1, 8, 8], layers = [\"Flatten\",\"Linear(64,46000)\""
                + ",\"Linear(46000,46000)\"".repeat(300) + ",\"Linear(46000,10)\"] }\n";
    }
}
