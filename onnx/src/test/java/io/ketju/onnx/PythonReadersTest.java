package io.ketju.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.MetricsEndpoint;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.run.TensorValues;
import io.ketju.actors.run.TrainedModel;
import io.ketju.data.text.ByteLevelBpe;
import io.ketju.deploy.command.CommandLineInterface;
import io.ketju.deploy.display.Terminal;
import io.ketju.layers.model.zoo.Models;
import io.ketju.onnx.format.OnnxModel;
import io.ketju.tensor.core.TensorCore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is written for other programs, read by these programs themselves, where there is a Python that has them: {@code
 * -Dketju.python=PATH}, or the {@code python3} of the PATH. Elsewhere these tests say that they are skipped; nothing needs a Python.
 */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class PythonReadersTest {
    private static final Path OF_DEPLOY = Path.of("..", "deploy", "src", "test", "python");
    private static final Path OF_METRICS = Path.of("..", "metrics", "src", "test", "python");
    private static final Path OF_ONNX = Path.of("src", "test", "python");
    private static final String PYTHON = System.getProperty("ketju.python", "python3");
    private static final Path TOKENS = Path.of("..", "data", "src", "test", "resources", "gpt2");
    private static final int SECONDS = 120;
    private static final int COLUMNS = 100;

    @TempDir
    private Path folder;

    private record Ended(int code, String text) {}

    private Ended python(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(PYTHON));
        command.addAll(arguments);
        Path printed = Files.createTempFile(folder, "printed", ".txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile())
                .start();
        try {
            boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
            assertThat(ended).as("%s has ended", command).isTrue();
            return new Ended(process.exitValue(), Files.readString(printed));
        } finally {
            process.destroyForcibly();
        }
    }

    /** Skips the test where there is no Python with all of these. */
    private void requirePackages(String... packages) throws InterruptedException {
        String list = String.join(", ", packages);
        String reason;
        try {
            Ended ended = python(List.of("-c", "import " + list));
            reason = ended.code() == 0 ? "" : ended.text().strip().lines().reduce("", (line, next) -> next);
        } catch (IOException e) {
            reason = String.valueOf(e.getMessage());
        }
        assumeTrue(
                reason.isEmpty(),
                "skipped: no Python with " + list + " (" + PYTHON + ": " + reason + "); -Dketju.python=PATH names one");
    }

    private String script(Path script, Object... arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(script.toString()));
        for (Object argument : arguments) {
            all.add(argument.toString());
        }
        Ended ended = python(all);
        assertThat(ended.code()).as(ended.text()).isZero();
        return ended.text();
    }

    private void ketju(String... arguments) {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(printed, true, StandardCharsets.UTF_8);
        int code = CommandLineInterface.execute(new Terminal(stream, stream, false, COLUMNS, true), arguments);
        assertThat(code).as(printed.toString(StandardCharsets.UTF_8)).isZero();
    }

    private Path trained(String... more) {
        Path run = folder.resolve("run");
        List<String> arguments = new ArrayList<>(List.of("train", "--data", "digits", "--model", "mlp(64, 16, 10)"));
        arguments.addAll(List.of("--batch", "100", "--stages", "2", "--run-dir", run + ""));
        arguments.addAll(List.of(more));
        ketju(arguments.toArray(String[]::new));
        return run;
    }

    @Test
    void tensorBoardReadsWhatIsWrittenForIt() throws IOException, InterruptedException {
        requirePackages("tensorboard");
        Path run = trained("--epochs", "2", "--histograms", "1", "--samples", "2");
        assertThat(script(OF_DEPLOY.resolve("read_tensorboard.py"), run))
                .contains("losses as in metrics.csv")
                .containsPattern("histograms: \\d+ of gradients/1\\.bias")
                .contains("images: ", "text: ", "hparams: ");
    }

    /** Of a job whose name has all that its formats escape. */
    @Test
    void prometheusReadsTheNumbersOfARun() throws IOException, InterruptedException {
        requirePackages("prometheus_client");
        TrainingJob job = Ketju.job()
                .name("it's \"the\" \\ job")
                .model("mlp(4, 8, 3)")
                .data(DataSource.named("iris"))
                .batchSize(30)
                .epochs(2)
                .build();
        MetricsEndpoint endpoint =
                ServiceLoader.load(MetricsEndpoint.class).findFirst().orElseThrow();
        try (MetricsEndpoint.Open open = endpoint.open(0)) {
            Ketju.fit(job, open);
            List<String> read = script(OF_METRICS.resolve("read_prometheus.py"), open.address())
                    .lines()
                    .toList();
            for (String kind : List.of("text/plain", "application/openmetrics-text")) {
                assertThat(read)
                        .contains(kind + " counter ketju_steps_total job=" + job.name() + " 8.0")
                        .contains(kind + " counter ketju_samples_total job=" + job.name() + " 240.0")
                        .contains(kind + " gauge ketju_workers job=" + job.name() + " 1.0")
                        .anyMatch(line -> line.startsWith(
                                kind + " gauge ketju_measured job=" + job.name() + " metric=accuracy phase=test 0."));
            }
        }
    }

    @Test
    void pyTorchsOptimizerGoesOnWithTheState() throws IOException, InterruptedException {
        requirePackages("torch", "safetensors");
        Path run = trained("--epochs", "1", "--optimizer", "AdamW(lr=0.01)");
        Path state = folder.resolve("optimizer.safetensors");
        ketju("weights", run + "", "--optimizer-to", state + "");
        assertThat(script(OF_DEPLOY.resolve("load_optimizer.py"), "AdamW", run.resolve("model.safetensors"), state))
                .contains("AdamW has taken 12 tensors of 4 parameters and one step more");
    }

    @Test
    void aRunGoesOnWithAnOptimizerOfPyTorch() throws IOException, InterruptedException {
        requirePackages("torch", "safetensors");
        Path weights = folder.resolve("torch.safetensors");
        Path state = folder.resolve("torch-optimizer.safetensors");
        script(OF_DEPLOY.resolve("save_optimizer.py"), "AdamW", weights, state);
        Path both = folder.resolve("both.safetensors");
        ketju("weights", weights + "", "--optimizer-from", state + "", "--state-to", both + "");
        trained("--epochs", "1", "--optimizer", "AdamW(lr=0.01)", "--from", both + "");
    }

    /** Every network that has a small form, by the checker of ONNX itself. */
    @Test
    void theCheckerOfOnnxTakesEveryNetwork() throws IOException, InterruptedException {
        requirePackages("onnx");
        List<Object> files = new ArrayList<>();
        try (TensorCore core = TensorCore.open(1)) {
            for (String form : ModelsTest.forms()) {
                try (Comparison comparison = new Comparison(Models.named(form), 1, 1, core)) {
                    OnnxModel model = comparison.file();
                    Path file = folder.resolve(form.split("\\(", 2)[0] + ".onnx");
                    files.add(Files.write(file, Comparison.bytes(model)));
                }
            }
        }
        assertThat(script(OF_ONNX.resolve("check_onnx.py"), files.toArray()).lines())
                .hasSize(files.size())
                .allMatch(line -> line.endsWith(": checked"));
    }

    private Path tunedGpt2() throws IOException {
        Path text =
                Files.writeString(folder.resolve("novel.txt"), "the other cat sat on the mat, it's 42. ".repeat(40));
        Path run = folder.resolve("run");
        String data = "text('" + text + "', tokens='" + TOKENS + "', context=8)";
        String[] train = {
            "train", "--data", data, "--model", "gpt(376, 8, 1, 2, 16)", "--epochs", "1", "--run-dir", run + ""
        };
        ketju(train);
        return run;
    }

    /** Hugging Face's library gives a text the numbers that a run gives it. */
    @Test
    void transformersReadsTheTokenizerOfATunedGpt2() throws IOException, InterruptedException {
        requirePackages("transformers", "tokenizers");
        Path run = tunedGpt2();
        Path model = folder.resolve("model");
        ketju("weights", run + "", "--to-gpt2", model + "");
        Path lines = Files.writeString(folder.resolve("lines.txt"), "the other cat\n Über café, isn't it?\n漢字 🙂\n");
        List<String> read = script(OF_DEPLOY.resolve("load_tokenizer.py"), model, lines)
                .lines()
                .filter(line -> line.matches("\\[[\\d, ]+] .*")) // and none of its advice
                .toList();
        List<String> expected = Files.readAllLines(lines);
        ByteLevelBpe own = ByteLevelBpe.read(TOKENS);
        assertThat(read).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(read.get(i)).startsWith(Arrays.toString(own.encode(expected.get(i))) + " ");
        }
    }

    /** Its model gives the logits that a run gives, from one file of weights and from several. */
    @Test
    void transformersComputesTheLogitsOfATunedGpt2() throws IOException, InterruptedException {
        requirePackages("torch", "transformers");
        Path run = tunedGpt2();
        Path whole = folder.resolve("whole");
        ketju("weights", run + "", "--to-gpt2", whole + "");
        assertThat(whole.resolve("model.safetensors")).isRegularFile();
        Path parts = folder.resolve("parts");
        ketju("weights", run + "", "--to-gpt2", parts + "", "--shard-size", "25KB");
        assertThat(parts.resolve("model.safetensors.index.json")).isRegularFile();
        assertThat(parts.resolve("model.safetensors")).doesNotExist();
        int[] tokens = {5, 1, 300, 42, 0, 375, 17, 256};
        float[] own;
        try (TrainedModel model = Ketju.load(run)) {
            Map<String, TensorValues> given = Map.of("input", TensorValues.of(tokens, 1, tokens.length));
            own = model.outputs(given).firstEntry().getValue().floats();
        }
        requireLogits(own, whole, tokens);
        requireLogits(own, parts, tokens);
    }

    /** Within 1e-4 of the largest magnitude, as everything is that other programs compute. */
    private void requireLogits(float[] own, Path model, int[] tokens) throws IOException, InterruptedException {
        String list = IntStream.of(tokens).mapToObj(Integer::toString).collect(Collectors.joining(","));
        double[] theirs = script(OF_DEPLOY.resolve("load_gpt2.py"), model, list)
                .lines()
                .filter(line -> line.startsWith("logits "))
                .flatMap(line -> Stream.of(line.split(" ", -1)).skip(1))
                .mapToDouble(Double::parseDouble)
                .toArray();
        assertThat(theirs).hasSameSizeAs(own);
        double largest = DoubleStream.of(theirs).map(Math::abs).max().orElseThrow();
        assertThat(largest).isPositive();
        for (int i = 0; i < own.length; i++) {
            assertThat((double) own[i]).as("logit %d", i).isCloseTo(theirs[i], within(1e-4 * largest));
        }
    }
}
