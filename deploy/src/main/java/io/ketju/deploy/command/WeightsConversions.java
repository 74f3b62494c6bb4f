package io.ketju.deploy.command;

import io.ketju.actors.checkpoint.Checkpoint;
import io.ketju.actors.checkpoint.TorchOptimizerState;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobText;
import io.ketju.actors.run.TrainedModel;
import io.ketju.data.BadDataException;
import io.ketju.data.safetensors.Gpt2Config;
import io.ketju.data.safetensors.Gpt2Weights;
import io.ketju.data.safetensors.NamedTensor;
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
                    "Write a run of gpt(...) as a folder that Hugging Face's libraries load: config.json and weights.")
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
                return Optional.of(written(gpt2(source, trained, toGpt2, most)));
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
