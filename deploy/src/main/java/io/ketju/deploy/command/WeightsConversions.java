package io.ketju.deploy.command;

import io.ketju.actors.checkpoint.Checkpoint;
import io.ketju.actors.checkpoint.TorchOptimizerState;
import io.ketju.actors.checkpoint.TorchTrainingState;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobText;
import io.ketju.actors.run.TrainedModel;
import io.ketju.data.BadDataException;
import io.ketju.data.safetensors.Gpt2Config;
import io.ketju.data.safetensors.Gpt2Weights;
import io.ketju.data.safetensors.NamedTensor;
import io.ketju.data.safetensors.ShardIndex;
import io.ketju.data.text.HuggingFaceTokenizer;
import io.ketju.data.text.TextEncoding;
import io.ketju.deploy.display.Terminal;
import io.ketju.tensor.Excerpt;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Weights in the forms of other programs. */
final class WeightsConversions {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,9})(KB|MB|GB)");

    @Option(
            names = "--from-gpt2",
            paramLabel = "FILE",
            description =
                    "Write the weights of a GPT-2, a file or a folder as Hugging Face has them, as those of gpt(...) into"
                            + " this file.")
    private @Nullable Path fromGpt2;

    @Option(
            names = "--to-gpt2",
            paramLabel = "DIR",
            description =
                    "Write a run of gpt(...) as a folder that Hugging Face's libraries load: config.json, weights and tokenizer.")
    private @Nullable Path toGpt2;

    @Option(
            names = "--shards",
            paramLabel = "DIR",
            description =
                    "Write the weights of a run into this folder, in several files with an index where one is too small.")
    private @Nullable Path shards;

    @Option(
            names = "--shard-size",
            paramLabel = "SIZE",
            defaultValue = "5GB",
            description = "Weights of a file at most, as 500MB; 5GB by default.")
    private String shardSize = "5GB";

    @Option(
            names = "--optimizer-to",
            paramLabel = "FILE",
            description =
                    "Write what a run's optimizer keeps by the names of PyTorch's optimizers into this safetensors file.")
    private @Nullable Path optimizerTo;

    @Option(
            names = "--optimizer-from",
            paramLabel = "FILE",
            description =
                    "Put this optimizer's state, by the names of PyTorch's optimizers, beside weights: see --state-to.")
    private @Nullable Path optimizerFrom;

    @Option(
            names = "--optimizer-steps",
            paramLabel = "N",
            description = "Steps that it has taken, where its state does not count them.")
    private @Nullable String optimizerSteps;

    @Option(
            names = "--state-to",
            paramLabel = "FILE",
            description = "Write weights and optimizer state into this file, which 'train --from FILE' begins with.")
    private @Nullable Path stateTo;

    /** What was done, in lines; empty if nothing was asked for. */
    Optional<List<String>> run(Path source, Terminal terminal) {
        try {
            return converted(source, terminal);
        } catch (IOException e) {
            throw BadDataException.unwritable("" + (toGpt2 == null ? shards : toGpt2), e);
        }
    }

    private Optional<List<String>> converted(Path source, Terminal terminal) throws IOException {
        long most = most();
        if (optimizerFrom != null || optimizerSteps != null || stateTo != null) {
            return Optional.of(List.of(state(source)));
        }
        if (fromGpt2 != null) {
            String model = "gpt(...)";
            if (Files.exists(source.resolve(Gpt2Config.FILE))) {
                model = Gpt2Config.read(source).model();
            }
            Gpt2Weights.convert(source, fromGpt2);
            return Optional.of(List.of("Wrote " + fromGpt2 + ": name it as init of a job with " + model));
        }
        if (toGpt2 != null) {
            UsableRun run = UsableRun.open(source);
            try (TrainedModel trained = run.model(new WeightsOptions(), terminal)) {
                List<String> lines = new ArrayList<>(written(gpt2(source, trained, toGpt2, most)));
                if (run.inputs().text().isPresent()) {
                    lines.addAll(tokenizer(run.inputs().text().get(), toGpt2));
                }
                return Optional.of(lines);
            }
        }
        if (shards != null) {
            UsableRun run = UsableRun.open(source);
            try (TrainedModel trained = run.model(new WeightsOptions(), terminal)) {
                return Optional.of(written(trained.saveShards(shards, most)));
            }
        }
        if (optimizerTo != null) {
            UsableRun run = UsableRun.open(source);
            Checkpoint newest = SavedRun.newest(run.directory());
            long updates = newest.step()
                    + JobText.optimizerSteps(Files.readString(run.directory().jobFile()));
            int count = TorchOptimizerState.write(
                    newest.files(), run.source().model().weights(), updates, optimizerTo);
            return Optional.of(List.of("Wrote " + optimizerTo + ": " + count + " tensors"));
        }
        return Optional.empty();
    }

    private String state(Path source) {
        if (optimizerFrom == null || stateTo == null) {
            throw new InvalidJobException((optimizerFrom == null ? "--optimizer-from" : "--state-to")
                    + ": expected a file, as --optimizer-from and --state-to go together, found none");
        }
        List<Path> weights = ShardIndex.isIndex(source) ? ShardIndex.shards(source) : List.of(source);
        int count = TorchTrainingState.write(weights, optimizerFrom, steps(), stateTo);
        return "Wrote " + stateTo + ": " + count + " tensors; begin with them: ./ketju train JOB --from " + stateTo;
    }

    private OptionalLong steps() {
        String text = optimizerSteps;
        if (text == null) {
            return OptionalLong.empty();
        }
        if (!text.matches("\\d{1,9}")) {
            throw new InvalidJobException(
                    "--optimizer-steps: expected a whole number, found '" + Excerpt.of(text) + "'");
        }
        return OptionalLong.of(Long.parseLong(text));
    }

    private static List<Path> gpt2(Path source, TrainedModel trained, Path folder, long most) throws IOException {
        Gpt2Config config = GptShape.of(trained.model())
                .orElseThrow(() -> new InvalidJobException(Excerpt.ofPath(source)
                        + ": expected a run of gpt(...), as a GPT-2 is built, found another model"));
        List<String> names = trained.parameterNames();
        long bytes = names.stream()
                .mapToLong(name ->
                        TensorArena.bytesFor(trained.model().parameter(name).shape()))
                .sum();
        try (TensorArena arena = new TensorArena(bytes)) {
            List<NamedTensor> weights = new ArrayList<>();
            for (String name : names) {
                Tensor tensor = arena.allocate(trained.model().parameter(name).shape());
                float[] values = trained.parameter(name);
                for (int i = 0; i < values.length; i++) {
                    tensor.setFloat(i, values[i]);
                }
                weights.add(new NamedTensor(name, tensor));
            }
            return Gpt2Weights.write(folder, config, weights, most);
        }
    }

    private static List<String> tokenizer(TextEncoding encoding, Path folder) throws IOException {
        Optional<String> missing = HuggingFaceTokenizer.missing(encoding);
        return missing.isPresent()
                ? List.of("note: no tokenizer: " + missing.get())
                : written(HuggingFaceTokenizer.write(
                        folder, encoding, Gpt2Config.read(folder).context()));
    }

    private static List<String> written(List<Path> files) {
        return files.stream().map(file -> "Wrote " + file).toList();
    }

    private long most() {
        Matcher size = SIZE.matcher(shardSize);
        if (!size.matches() || Long.parseLong(size.group(1)) == 0) {
            throw new InvalidJobException(
                    "--shard-size: expected a number of KB, MB or GB, as 500MB, found '" + Excerpt.of(shardSize) + "'");
        }
        long unit = switch (size.group(2)) {
            case "KB" -> 1_000;
            case "MB" -> 1_000_000;
            default -> 1_000_000_000;
        };
        return Long.parseLong(size.group(1)) * unit;
    }
}
