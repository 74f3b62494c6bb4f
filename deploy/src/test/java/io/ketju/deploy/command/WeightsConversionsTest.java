package io.ketju.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.job.ModelSource;
import io.ketju.actors.run.SavedModels;
import io.ketju.actors.run.TensorValues;
import io.ketju.actors.run.TrainedModel;
import io.ketju.data.safetensors.SafeTensorsReader;
import io.ketju.data.safetensors.TensorEntry;
import io.ketju.data.text.HuggingFaceTokenizer;
import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.layers.model.zoo.Models;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights in several files, optimizer state by PyTorch's names, and GPT-2's folders, by {@code golden/gpt2_folder.py}. */
class WeightsConversionsTest {
    private static final Path GPT2 = Path.of("src", "test", "resources", "gpt2");

    @TempDir
    private Path folder;

    private static String ok(String... arguments) {
        InProcess result = InProcess.run(arguments);
        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isZero();
        return result.out();
    }

    private static Map<String, float[]> tensors(Path... files) {
        Map<String, float[]> tensors = new TreeMap<>();
        for (Path file : files) {
            try (SafeTensorsReader reader = SafeTensorsReader.open(file);
                    TensorArena arena = new TensorArena(1 << 20)) {
                for (TensorEntry entry : reader.entries()) {
                    Tensor tensor = arena.allocate(entry.shape());
                    reader.readFloats(entry.name(), tensor);
                    tensors.put(entry.name(), tensor.toFloats());
                }
            }
        }
        return tensors;
    }

    private static void requireSame(Map<String, float[]> found, Map<String, float[]> expected) {
        assertThat(found.keySet()).isEqualTo(expected.keySet());
        expected.forEach((name, values) -> assertThat(found.get(name)).as(name).containsExactly(values));
    }

    @Test
    void aRunGoesIntoShardsAndAJobStartsFromThem() {
        Path run = folder.resolve("run");
        String[] job = {
            "train",
            "--data",
            "digits",
            "--model",
            "mlp(64, 16, 10)",
            "--epochs",
            "1",
            "--batch",
            "300",
            "--stages",
            "2"
        };
        ok(with(job, "--optimizer", "Adam(lr=0.01)", "--run-dir", run + ""));
        Path parts = folder.resolve("parts");
        assertThat(ok("weights", run + "", "--shards", parts + "", "--shard-size", "1KB"))
                .contains("Wrote " + parts.resolve("model-00001-of-00002.safetensors"))
                .endsWith("Wrote " + parts.resolve("model.safetensors.index.json") + System.lineSeparator());
        Path index = parts.resolve("model.safetensors.index.json");
        assertThat(ok("weights", index + "")).contains("4 tensors, 1,210 values");
        String whole = ok(with(job, "--init", run.resolve("model.safetensors") + "", "--no-save"));
        String cut = ok(with(job, "--init", index + "", "--no-save"));
        assertThat(state(cut)).isEqualTo(state(whole));
        assertThat(state(ok(with(job, "--init", parts + "", "--no-save")))).isEqualTo(state(whole));

        Path state = folder.resolve("optimizer.safetensors");
        assertThat(ok("weights", run + "", "--optimizer-to", state + "")).contains("12 tensors");
        Map<String, float[]> found = tensors(state);
        assertThat(found.keySet()).contains("state.0.exp_avg", "state.0.exp_avg_sq", "state.0.step", "state.3.step");
        assertThat(found.get("state.2.exp_avg")).hasSize(160);
        assertThat(found.get("state.0.step")).hasSize(1).doesNotContain(0);
        try (SafeTensorsReader reader = SafeTensorsReader.open(state)) {
            assertThat(reader.metadata())
                    .containsEntry("parameters", "[\"1.weight\",\"1.bias\",\"3.weight\",\"3.bias\"]");
        }
        Path both = folder.resolve("both.safetensors");
        Path weights = run.resolve("model.safetensors");
        assertThat(ok("weights", weights + "", "--optimizer-from", state + "", "--state-to", both + ""))
                .contains("Wrote " + both + ": 12 tensors; begin with them: ./ketju train JOB --from " + both);
        String[] onward = with(job, "--optimizer", "Adam(lr=0.01)", "--no-save", "--from");
        assertThat(state(ok(with(onward, both + ""))))
                .isEqualTo(state(ok(with(onward, run + ""))))
                .isNotEqualTo(state(whole));
        InProcess refused = InProcess.run("weights", run + "", "--to-gpt2", parts + "");
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).contains("expected a run of gpt(...), as a GPT-2 is built, found another model");
        InProcess size = InProcess.run("weights", run + "", "--shards", parts + "", "--shard-size", "5");
        assertThat(size.err()).contains("--shard-size: expected a number of KB, MB or GB, as 500MB, found '5'");
    }

    /** An optimizer whose state does not count its steps needs to be told; files that are none are refused before any is written. */
    @Test
    void anOptimizersStateThatDoesNotFitIsRefused() throws IOException {
        Path run = folder.resolve("run");
        String[] job = {"train", "--data", "digits", "--model", "mlp(64, 8, 10)", "--epochs", "1", "--batch", "300"};
        String[] momentum = with(job, "--optimizer", "SGD(lr=0.01, momentum=0.9)");
        ok(with(momentum, "--run-dir", run + ""));
        Path weights = run.resolve("model.safetensors");
        Path state = folder.resolve("optimizer.safetensors");
        ok("weights", run + "", "--optimizer-to", state + "");
        Path both = folder.resolve("both.safetensors");
        String[] command = {"weights", weights + "", "--state-to", both + ""};
        assertThat(ok(with(command, "--optimizer-from", state + "", "--optimizer-steps", steps(state))))
                .contains("8 tensors");
        assertThat(state(ok(with(momentum, "--no-save", "--from", both + ""))))
                .isEqualTo(state(ok(with(momentum, "--no-save", "--from", run + ""))));
        refused(
                state + ": expected 7 steps, found " + steps(state) + " in its state",
                with(command, "--optimizer-from", state + "", "--optimizer-steps", "7"));
        refused(
                "--optimizer-steps: expected a whole number, found 'few'",
                with(command, "--optimizer-from", state + "", "--optimizer-steps", "few"));
        refused(
                "--optimizer-from: expected a file, as --optimizer-from and --state-to go together, found none",
                command);
        refused(
                weights + ": expected the names of its parameters, a JSON array, as metadata 'parameters', found none",
                with(command, "--optimizer-from", weights + ""));
        refused(
                weights + ": expected the folder of a run, or a file of weights and optimizer state with its steps as"
                        + " metadata, found none; for weights alone take init",
                with(momentum, "--no-save", "--from", weights + ""));
        refused(
                "its optimizer keeps momentum_buffer for each parameter",
                with(job, "--no-save", "--optimizer", "Adam()", "--from", both + ""));
    }

    private static String steps(Path state) {
        return Integer.toString((int) Objects.requireNonNull(tensors(state).get("state.0.step"))[0]);
    }

    private static void refused(String line, String... arguments) {
        InProcess result = InProcess.run(arguments);
        assertThat(result.err()).contains(line);
        assertThat(result.exitCode()).isEqualTo(2);
    }

    private static String[] with(String[] job, String... more) {
        String[] all = Arrays.copyOf(job, job.length + more.length);
        System.arraycopy(more, 0, all, job.length, more.length);
        return all;
    }

    private static String state(String output) {
        return output.lines()
                .filter(line -> line.contains("state"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(output));
    }

    @Test
    void aFolderOfHuggingFaceGivesItsLogits() throws IOException {
        Path file = folder.resolve("gpt.safetensors");
        assertThat(ok("weights", GPT2 + "", "--from-gpt2", file + "")).contains("of a job with gpt(11, 7, 2, 2, 8)");
        ModelSource source = new ModelSource("gpt", Models.named("gpt(11, 7, 2, 2, 8)"));
        List<String> lines = Files.readAllLines(GPT2.resolve("logits.txt"));
        try (TrainedModel trained = SavedModels.weights(source, new CrossEntropyLoss().withClassesLast(), file)) {
            TensorValues tokens = TensorValues.of(new int[] {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8}, 2, 6);
            float[] logits = trained.outputs(Map.of("input", tokens))
                    .firstEntry()
                    .getValue()
                    .floats();
            double[] expected = lines.stream()
                    .flatMap(line -> Arrays.stream(line.split(" ", -1)))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
            assertThat(logits).hasSize(expected.length);
            assertThat(IntStream.range(0, logits.length)
                            .mapToDouble(i -> Math.abs(logits[i] - expected[i]))
                            .max()
                            .orElseThrow())
                    .isLessThan(1e-4 * largest);
        }
    }

    @Test
    void aRunOfGptBecomesAFolderAndComesBack() throws IOException {
        Path text = Files.writeString(folder.resolve("text.txt"), "abcab bca cab abc. ".repeat(40));
        String job = """
                name = gpt
                data = "text('%s', tokens=characters, context=6, stride=6)"
                model.name = "gpt(11, 6, 1, 2, 8, dropout=0.1)"
                batch = 16
                epochs = 1
                threads = 1
                """.formatted(text);
        Path run = folder.resolve("run");
        ok("train", Files.writeString(folder.resolve("gpt.conf"), job) + "", "--run-dir", run + "");
        Path theirs = folder.resolve("theirs");
        assertThat(ok("weights", run + "", "--to-gpt2", theirs + ""))
                .contains("Wrote " + theirs.resolve("config.json"), "Wrote " + theirs.resolve("model.safetensors"));
        assertThat(Files.readString(theirs.resolve("config.json")))
                .contains("\"model_type\" : \"gpt2\"", "\"n_head\" : 2", "\"n_positions\" : 6");
        assertThat(Files.readString(theirs.resolve("tokenizer.json"))).contains("\"<NUL>\" : 3", "\"Fuse\"");
        assertThat(Files.readString(theirs.resolve("tokenizer_config.json"))).contains("\"model_max_length\" : 6");
        assertThat(HuggingFaceTokenizer.read(theirs))
                .isEqualTo(UsableRun.open(run).inputs().text().orElseThrow());
        Map<String, float[]> named = tensors(theirs.resolve("model.safetensors"));
        assertThat(named).containsKeys("transformer.h.0.attn.c_attn.weight", "transformer.h.0.mlp.c_fc.bias");
        assertThat(named).doesNotContainKey("lm_head.weight");
        try (SafeTensorsReader reader = SafeTensorsReader.open(theirs.resolve("model.safetensors"))) {
            assertThat(reader.entry("transformer.h.0.attn.c_attn.weight")
                            .orElseThrow()
                            .shape())
                    .isEqualTo(Shape.of(8, 24));
        }
        Path back = folder.resolve("back.safetensors");
        assertThat(ok("weights", theirs + "", "--from-gpt2", back + "")).contains("gpt(11, 6, 1, 2, 8)");
        requireSame(tensors(back), tensors(run.resolve("model.safetensors")));
    }
}
