package io.ketju.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bad input is one line on standard error, exit code 2, and nothing on disk. */
class BadInputTest {
    @TempDir
    static Path folder;

    /**
     * One mistake.
     *
     * @param arguments of the command line; {@code {dir}} stands for the folder of the fixtures
     * @param job text of {@code {dir}/job.conf}, if the arguments name it
     * @param pieces that the line must have: what, where, expected, found
     */
    record Mistake(String name, List<String> arguments, String job, List<String> pieces) {
        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeAll
    static void prepare() {
        BadFiles.prepare(folder);
    }

    @ParameterizedTest
    @MethodSource({"jobFiles", "jobs", "specs", "plateaus", "norms", "flags", "data", "folders", "commands"})
    void isOneLineAndExitCode2(Mistake mistake) {
        Path job = folder.resolve("job.conf");
        BadFiles.write(job, mistake.job().getBytes(StandardCharsets.UTF_8));
        List<String> arguments = new ArrayList<>();
        mistake.arguments().forEach(argument -> arguments.add(argument.replace("{dir}", folder.toString())));
        boolean trains = arguments.getFirst().equals("train") && !arguments.contains("--run-dir");
        Path run = folder.resolve("run");
        if (trains && !arguments.contains("--resume") && !arguments.contains("--no-save")) {
            arguments.addAll(List.of("--run-dir", run.toString()));
        }
        InProcess result = InProcess.run(arguments.toArray(String[]::new));
        assertThat(result.exitCode()).as(result.err()).isEqualTo(CommandLineInterface.BAD_INPUT);
        assertThat(result.err().lines()).as(result.err()).hasSize(1);
        assertThat(result.err()).startsWith("ketju");
        assertThat(result.err()).contains(mistake.pieces()).doesNotContain(".java:", "java.lang.");
        assertThat(run).doesNotExist();
        assertThat(Path.of("runs")).doesNotExist();
    }

    private static Mistake job(String name, String text, String... pieces) {
        return new Mistake(name, List.of("train", "{dir}/job.conf"), text, List.of(pieces));
    }

    private static Mistake line(String name, String arguments, String... pieces) {
        return new Mistake(name, List.of(arguments.split(" ")), DIGITS, List.of(pieces));
    }

    private static final String DIGITS = "data = digits\nmodel { name = \"mlp(64, 10)\" }\n";

    static Stream<Mistake> jobFiles() {
        return Stream.of(
                job("unknown key", DIGITS + "epoch = 3\n", "job.conf:3", "unknown key 'epoch'", "'epochs'"),
                job("unknown key in the model", "model { nam = lenet }\n", "job.conf:1", "'model.nam'", "'model.name'"),
                job("unknown group", DIGITS + "optim { lr = 1 }\n", "job.conf:3", "unknown key 'optim'"),
                job("a unit", DIGITS + "batch = 64 samples\n", "job.conf:3: batch", "without unit", "\"64 samples\""),
                job("a time for a count", DIGITS + "epochs = 5m\n", "job.conf:3: epochs", "whole number", "\"5m\""),
                job("a fraction", DIGITS + "epochs = 2.5\n", "job.conf:3: epochs", "whole number", "2.5"),
                job("a list for a number", DIGITS + "stages = [1, 2]\n", "job.conf:3: stages", "whole number", "list"),
                job("a truth value for a number", DIGITS + "seed = true\n", "job.conf:3: seed", "whole number", "true"),
                job("a null", DIGITS + "seed = null\n", "job.conf:3: seed", "found null"),
                job("a number too large", DIGITS + "batch = 4000000000\n", "job.conf:3: batch", "2147483647 or less"),
                job(
                        "no micro-batches",
                        DIGITS + "microbatches = 0\n",
                        "job.conf:3: microbatches",
                        "1 or more",
                        "found 0"),
                job("an empty batch", DIGITS + "batch = 0\n", "job.conf:3: batch", "1 or more", "found 0"),
                job(
                        "histograms after the last epoch",
                        DIGITS + "epochs = 3\nhistograms = 5\n",
                        "job.conf:4: histograms",
                        "at most 3",
                        "3 epochs",
                        "found 5"),
                job("negative epochs", DIGITS + "epochs = -1\n", "job.conf:3: epochs", "1 or more", "found -1"));
    }

    static Stream<Mistake> jobs() {
        return Stream.of(
                job("more stages than layers", DIGITS + "stages = 5\n", "job.conf:3: stages", "2 layers", "5 stages"),
                job("bounds that do not fit", DIGITS + "stage-bounds = [0, 9]\n", "job.conf:3: stages", "[0, 9]", "2"),
                job(
                        "a model that is text",
                        "data = digits\nmodel = lenet\n",
                        "job.conf:2: model",
                        "{ name = lenet }",
                        "lenet"),
                job("no model", "data = digits\n", "job.conf", "model is missing", "model { name = lenet }"),
                job("no data", "model { name = lenet }\n", "job.conf", "data is missing", "fashion-mnist-5k"),
                job(
                        "layers without input",
                        "data = digits\nmodel { layers = [\"Flatten()\"] }\n",
                        "model.input is missing"),
                job(
                        "a name and layers",
                        "data = digits\nmodel { name = lenet, layers = [\"Flatten()\"] }\n",
                        "job.conf:2: model.layers",
                        "found both"),
                job(
                        "shapes that do not fit",
                        "data = digits\nmodel { input = [1, 8, 8], layers = [\"Flatten()\", \"Linear(63, 10)\"] }\n",
                        "job.conf",
                        "Linear(63, 10)",
                        "63",
                        "64"),
                job(
                        "data that does not fit the model",
                        "data = digits\nmodel { name = lenet }\n",
                        "[1, 8, 8]",
                        "[1, 28, 28]"),
                job("too few outputs", "data = digits\nmodel { name = \"mlp(64, 9)\" }\n", "10 classes", "9 outputs"));
    }

    static Stream<Mistake> specs() {
        return Stream.of(
                job(
                        "an unknown layer",
                        "data = digits\nmodel { input = [1, 8, 8], layers = [\"Flaten()\"] }\n",
                        "job.conf:2: model.layers",
                        "layer 0",
                        "unknown layer 'Flaten'",
                        "Flatten"),
                job(
                        "an unknown model",
                        "data = digits\nmodel { name = lenett }\n",
                        "job.conf:2",
                        "'lenett'",
                        "did you mean 'lenet'?"),
                job(
                        "an unknown optimizer",
                        DIGITS + "optimizer = \"Adamm()\"\n",
                        "job.conf:3: optimizer",
                        "'Adamm'",
                        "did you mean 'Adam'?"),
                job(
                        "an unknown argument",
                        DIGITS + "optimizer = \"Adam(rate=1)\"\n",
                        "job.conf:3: optimizer",
                        "'rate'",
                        "lr"),
                job("an unknown loss", DIGITS + "loss = \"Hinge()\"\n", "job.conf:3: loss", "'Hinge'", "HingeLoss"),
                job("an unknown schedule", DIGITS + "schedule = 1B1F\n", "job.conf:3: schedule", "'1B1F'", "1F1B"),
                job(
                        "an unknown learning-rate schedule",
                        DIGITS + "learning-rate-schedule = \"Cosine()\"\n",
                        "job.conf:3: learning-rate-schedule",
                        "'Cosine'",
                        "CosineAnnealingLR"),
                job(
                        "an unclosed bracket",
                        DIGITS + "optimizer = \"Adam(lr=0.1\"\n",
                        "job.conf:3: optimizer",
                        "')'",
                        "the end"),
                job("a brace too few", "model { name = lenet\n", "job.conf:", "not HOCON"),
                job("an unknown substitution", DIGITS + "batch = ${nowhere}\n", "job.conf:3", "nowhere"),
                job(
                        "a name that is no folder's",
                        DIGITS + "name = \"a/b\"\n",
                        "job.conf:3: name",
                        "letters",
                        "\"a/b\""));
    }

    static Stream<Mistake> plateaus() {
        return Stream.of(
                job(
                        "a plateau of nothing measured",
                        DIGITS + "learning-rate-schedule = \"ReduceLROnPlateau(metric=recal)\"\n",
                        "job.conf:3: learning-rate-schedule",
                        "metric: expected one of [loss, accuracy], found 'recal'"),
                job(
                        "a plateau that rises",
                        DIGITS + "learning-rate-schedule = \"ReduceLROnPlateau(factor=2)\"\n",
                        "job.conf:3: learning-rate-schedule",
                        "argument 'factor': expected 0 < number < 1, found 2"));
    }

    static Stream<Mistake> norms() {
        return Stream.of(
                job(
                        "a norm of nothing",
                        DIGITS + "clip-grad-norm = 0\n",
                        "job.conf:3: clip-grad-norm",
                        "expected a largest norm > 0, found 0"),
                job(
                        "a negative norm",
                        DIGITS + "clip-grad-norm = -1.5\n",
                        "job.conf:3: clip-grad-norm",
                        "expected a largest norm > 0, found -1.5"),
                job(
                        "a norm that is no number",
                        DIGITS + "clip-grad-norm = NaN\n",
                        "job.conf:3: clip-grad-norm",
                        "expected a largest norm > 0, found NaN"),
                job(
                        "a norm in words",
                        DIGITS + "clip-grad-norm = much\n",
                        "job.conf:3: clip-grad-norm",
                        "expected a largest norm > 0, found \"much\""),
                job(
                        "an unknown penalty",
                        DIGITS + "penalties = [\"*.weight: L0(0.1)\"]\n",
                        "job.conf:3: penalties",
                        "unknown penalty 'L0'"),
                job(
                        "a penalty of nothing",
                        DIGITS + "penalties = [\"conv*: L1(0.1)\"]\n",
                        "job.conf:3: penalties",
                        "'conv*' matches none of the"),
                job(
                        "an unknown average",
                        DIGITS + "average = \"EWA()\"\n",
                        "job.conf:3: average",
                        "unknown average of weights 'EWA'",
                        "EMA"),
                job(
                        "an average of no epochs",
                        DIGITS + "average = \"SWA(every_epochs=0)\"\n",
                        "job.conf:3: average",
                        "argument 'every_epochs': expected at least 1, found 0"));
    }

    static Stream<Mistake> flags() {
        return Stream.of(
                line(
                        "a missing job file",
                        "train {dir}/none.conf",
                        "none.conf",
                        "expected a readable file",
                        "found none"),
                line("a folder as job file", "train {dir}/sound", "sound", "expected a file", "found a folder"),
                line("an unknown option", "train --stagse 2", "'--stagse'", "'--stages'", "ketju train --help"),
                line("an option without its value", "train --stages", "--stages", "ketju train --help"),
                line("an argument too many", "train {dir}/job.conf more.conf", "more.conf"),
                line("an unknown command", "trian", "'trian'", "'train'"),
                line(
                        "words for a number",
                        "train {dir}/job.conf --stages four",
                        "--stages",
                        "whole number",
                        "\"four\""),
                line("no stages", "train {dir}/job.conf --stages 0", "--stages", "1 or more", "\"0\""),
                line("no threads", "train {dir}/job.conf --threads 0", "--threads", "1 or more"),
                line("too many stages", "train {dir}/job.conf --stages 3", "--stages", "2 layers", "3 stages"),
                line("a learning rate in words", "train {dir}/job.conf --lr fast", "--lr", "0.001", "\"fast\""),
                line("a negative learning rate", "train {dir}/job.conf --lr -1", "--lr"),
                line(
                        "histograms after the last epoch",
                        "train {dir}/job.conf --epochs 3 --histograms 5",
                        "--histograms",
                        "at most 3",
                        "found 5"),
                line("no norm", "train {dir}/job.conf --clip-grad-norm 0", "--clip-grad-norm", "norm > 0, found 0"),
                line(
                        "no average",
                        "train {dir}/job.conf --average EMA(2)",
                        "--average",
                        "'decay'",
                        "number <= 1, found 2"),
                line("a schedule that is none", "plan {dir}/job.conf --schedule pipe", "--schedule", "'pipe'", "GPipe"),
                line("workers without a cluster", "train {dir}/job.conf --workers 2", "--workers", "--cluster"));
    }

    static Stream<Mistake> data() {
        return Stream.of(
                line("an unknown name", "train --data mnits", "--data", "mnits", "fashion-mnist-5k"),
                line("a path that is not there", "train --data {dir}/none", "--data", "none"),
                line("a file of another kind", "train --data {dir}/file.txt", "--data", "file.txt", ".tgz"),
                line("a folder without data", "train --data {dir}/empty", "--data", "train-images-idx3-ubyte"),
                line(
                        "a folder that lacks a part",
                        "train --data {dir}/incomplete",
                        "--data",
                        "no t10k-labels-idx1-ubyte"),
                line(
                        "truncated images",
                        "train --data {dir}/truncated",
                        "--data",
                        "train-images-idx3-ubyte",
                        "expected"),
                line("bytes after the end", "train --data {dir}/long", "--data", "train-images-idx3-ubyte", "expected"),
                line("a wrong magic number", "train --data {dir}/magic", "--data", "train-images-idx3-ubyte", "magic"),
                line("a label out of range", "train --data {dir}/label", "--data", "201 classes", "10 outputs"),
                line("fewer labels than images", "train --data {dir}/fewer", "--data", "20", "19"),
                line(
                        "bytes after a gzip",
                        "train --data {dir}/tail",
                        "--data",
                        "t10k-images-idx3-ubyte.gz",
                        "other bytes after the end of the gzip data"),
                line(
                        "labels that are promised only",
                        "train --data {dir}/promise",
                        "--data",
                        "train-labels-idx1-ubyte.gz",
                        "20 labels, one for each image",
                        "16000000"),
                line("a long name in an archive", "train --data {dir}/name.tgz", "--data", "name.tgz", "65536 bytes"),
                line("a truncated gzip", "train --data {dir}/gzip", "--data", "t10k-images-idx3-ubyte.gz"),
                line("an empty archive", "train --data {dir}/empty.tgz", "--data", "empty.tgz"));
    }

    static Stream<Mistake> folders() {
        return Stream.of(
                line(
                        "a run folder with files",
                        "train {dir}/job.conf --run-dir {dir}/full",
                        "full",
                        "empty or absent",
                        "--resume"),
                line(
                        "a run folder that is a file",
                        "train {dir}/job.conf --run-dir {dir}/file.txt",
                        "file.txt",
                        "folder"),
                line("a run folder under a file", "train {dir}/job.conf --run-dir {dir}/file.txt/run", "file.txt"),
                line("a run folder that nobody may make", "train {dir}/job.conf --run-dir /proc/ketju/run", "/proc"),
                line(
                        "a run folder and none",
                        "train {dir}/job.conf --run-dir {dir}/run --no-save",
                        "--no-save",
                        "--run-dir"),
                line("resuming what is not there", "train --resume {dir}/none", "none", "not a run", "no such folder"),
                line("resuming what is no run", "train --resume {dir}/full", "full", "not a run", "job.conf"),
                line("evaluating what is not there", "evaluate {dir}/none", "none", "not a run"),
                line("information on nothing", "info {dir}/none", "none", "not a run"),
                line("predicting by nothing", "predict {dir}/none {dir}/file.txt", "none", "not a run"));
    }

    static Stream<Mistake> commands() {
        return Stream.of(
                line("evaluate without a run", "evaluate", "RUN", "ketju evaluate --help"),
                line("predict without a file", "predict {dir}/full", "FILE", "ketju predict --help"),
                line("one stage too many", "train --stages 11", "--stages: model has 10 layers", "1 to 10"),
                line(
                        "a folder nobody can make",
                        "train --run-dir /proc/x",
                        "run directory /proc/x: cannot be made: no such"),
                line("a sample beyond the last", "sample digits 360 a.png", "INDEX", "0 to 359", "\"360\""),
                line("a sample of nothing", "sample nothing 0 a.png", "nothing", "fashion-mnist-5k"),
                line("no top classes", "predict {dir}/full a.png --top 0", "--top", "1 or more", "\"0\""),
                line("an inversion that is none", "predict {dir}/full a.png --invert maybe", "--invert", "\"maybe\""),
                line("a node without a seed", "node", "--seeds", "KETJU_NODE_SEEDS"),
                line(
                        "a seed without a port",
                        "node --seed-node localhost",
                        "--seed-node",
                        "HOST:PORT",
                        "\"localhost\""),
                line("a port out of range", "node --seed-node 127.0.0.1:70000", "--seed-node", "65535", "\"70000\""),
                line("a port in words", "node --seed-node 127.0.0.1:1 --port any", "--port", "65535", "\"any\""),
                line(
                        "a host that is none",
                        "node --seed-node no.such.host.invalid:7355",
                        "--seed-node",
                        "no.such.host.invalid"),
                line(
                        "an address of others",
                        "node --seed-node 192.0.2.1:7355",
                        "--seed-node",
                        "loopback",
                        "192.0.2.1",
                        "ketju certs new"),
                line("a host of others", "node --seed-node 127.0.0.1:1 --host 192.0.2.1", "--host", "loopback"),
                line("an unknown role", "node --seed-node 127.0.0.1:1 --role boss", "--role", "worker", "\"boss\""),
                line("no threads for a node", "node --seed-node 127.0.0.1:1 --threads 0", "--threads", "1 or more"),
                line("a cluster of others", "train {dir}/job.conf --cluster 192.0.2.1:7355", "--cluster", "loopback"),
                line(
                        "a cluster that meets twice at one place",
                        "train {dir}/job.conf --cluster 127.0.0.1:1,127.0.0.1:1",
                        "--cluster",
                        "each place once"),
                line("a status of nobody", "status", "--cluster"),
                line("a status of others", "status --cluster 192.0.2.1:7355", "--cluster", "loopback"),
                line("no nodes", "launch {dir}/job.conf --nodes 0", "--nodes", "1 to 1000", "\"0\""),
                line("more nodes than stages", "launch {dir}/job.conf --nodes 2", "--nodes", "1 stage", "2 workers"));
    }
}
