package io.ketju.actors.job;

import io.ketju.actors.weights.Strictness;
import io.ketju.actors.weights.TensorFit;
import io.ketju.actors.weights.WeightMapping;
import io.ketju.data.BadDataException;
import io.ketju.data.file.FileDigest;
import io.ketju.data.safetensors.SafeTensorsReader;
import io.ketju.data.safetensors.ShardIndex;
import io.ketju.data.safetensors.TensorEntry;
import io.ketju.layers.Parameter;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.Node;
import io.ketju.pipeline.Recipe;
import io.ketju.pipeline.stage.StageState;
import io.ketju.tensor.Excerpt;
import io.ketju.tensor.Plural;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What a job starts from in place of its seed: the weights of a file, or the weights and the optimizer state of a run.
 * It decides the numbers, so its digest is part of the job's.
 *
 * @param kind whether optimizer state comes with the weights
 * @param path the file, or the folder of the run: absolute
 * @param sha256 of the file's bytes; or of the run's state, as {@code ketju train} prints it at the end
 * @param optimizerSteps steps that the optimizer's state has been through; 0 for weights alone
 * @param files safetensors files that hold the tensors; none where only the digest is known, which is enough for a run
 *     that has a checkpoint of its own
 * @param mapping which tensors of a file become which weights; of a run, {@link WeightMapping#STRICT}
 */
public record InitialState(
        Kind kind, Path path, String sha256, long optimizerSteps, List<Path> files, WeightMapping mapping) {
    /** What is brought in. */
    public enum Kind {
        /** Weights; the optimizer's state begins at zero. */
        WEIGHTS(JobKey.INIT),

        /** Weights and optimizer state. */
        RUN(JobKey.FROM);

        private final JobKey key;

        Kind(JobKey key) {
            this.key = key;
        }
    }

    /** Copies the list. */
    public InitialState {
        files = List.copyOf(files);
    }

    /**
     * Of all tensors under the names that they have.
     *
     * @param kind whether optimizer state comes with the weights
     * @param path the file, or the folder of the run: absolute
     * @param sha256 of the file's bytes, or of the run's state
     * @param optimizerSteps steps that the optimizer's state has been through; 0 for weights alone
     * @param files that hold the tensors; none where only the digest is known
     */
    public InitialState(Kind kind, Path path, String sha256, long optimizerSteps, List<Path> files) {
        this(kind, path, sha256, optimizerSteps, files, WeightMapping.STRICT);
    }

    /**
     * The weights of a safetensors file, or of several that an index names, all of them and no others, of any type that {@linkplain
     * io.ketju.data.safetensors.ElementType#readsAsFloat is read as float32}. Whether it holds weights of a model is looked at by
     * {@link #misfit}.
     *
     * @param file safetensors, an index of such files, or the folder of an index
     * @return with the digest of all its bytes, which are read now
     * @throws BadDataException if it cannot be read
     */
    public static InitialState weights(Path file) {
        return weights(file, WeightMapping.STRICT);
    }

    /**
     * The same with renamed tensors, or some of them.
     *
     * @param file safetensors, an index of such files, or the folder of an index
     * @param mapping which of its tensors become which weights
     * @return with the digest of all its bytes, which are read now
     * @throws BadDataException if it cannot be read
     */
    public static InitialState weights(Path file, WeightMapping mapping) {
        Path index = file.resolve(ShardIndex.FILE);
        if (ShardIndex.isIndex(file) || Files.exists(index)) {
            return shards(ShardIndex.isIndex(file) ? file : index, mapping);
        }
        if (Files.isDirectory(file)) {
            throw BadDataException.of(
                    file.toString(),
                    "a safetensors file",
                    "a folder; the weights of a run are in its model.safetensors, with --from RUN its optimizer state"
                            + " comes along");
        }
        try {
            return new InitialState(
                    Kind.WEIGHTS, absolute(file), FileDigest.of(file).sha256(), 0, List.of(file), mapping);
        } catch (IOException e) {
            throw BadDataException.unreadable(file.toString(), e);
        }
    }

    /** Of files that an index names; the digest is that of all their bytes. */
    private static InitialState shards(Path index, WeightMapping mapping) {
        List<Path> files = ShardIndex.shards(index);
        try {
            return new InitialState(
                    Kind.WEIGHTS, absolute(index), FileDigest.of(files).sha256(), 0, files, mapping);
        } catch (IOException e) {
            throw BadDataException.unreadable(index.toString(), e);
        }
    }

    /**
     * The weights that a run once started from, by their digest alone: it is not {@link #loadable}.
     *
     * @param file where they lay
     * @param sha256 of its bytes
     * @param mapping which of its tensors became which weights
     * @return reads nothing
     */
    public static InitialState recordedWeights(Path file, String sha256, WeightMapping mapping) {
        return new InitialState(Kind.WEIGHTS, absolute(file), sha256, 0, List.of(), mapping);
    }

    /**
     * The run that another once started from, by its digest alone: it is not {@link #loadable}.
     *
     * @param run its folder
     * @param sha256 of its state
     * @param optimizerSteps steps that its optimizer's state had been through
     * @return reads nothing
     */
    public static InitialState recordedRun(Path run, String sha256, long optimizerSteps) {
        return new InitialState(Kind.RUN, absolute(run), sha256, optimizerSteps, List.of());
    }

    /** The key of a job file that names it. */
    JobKey key() {
        return kind.key;
    }

    /** {@return whether the tensors can be loaded, and not only be told from others} */
    public boolean loadable() {
        return !files.isEmpty();
    }

    /** The line of a job's description that tells this state from others. */
    String identity() {
        return kind.key.path() + " " + sha256 + (kind == Kind.RUN ? " optimizer-steps " + optimizerSteps : "")
                + mapping.identity();
    }

    /**
     * Whether it fits. Reads every tensor that is taken, as no value may be NaN or infinite.
     *
     * @param recipe whose model and optimizer it is to be for
     * @return one line that lists all tensors that do not fit, or names a value that is not finite; empty if all is well, and
     *     where it is not {@link #loadable}, of which nothing is known
     */
    public Optional<String> misfit(Recipe recipe) {
        if (!loadable()) {
            return Optional.empty();
        }
        Map<String, TensorEntry> states = entries();
        Map<String, TensorEntry> weights = new LinkedHashMap<>(states);
        weights.keySet().removeIf(name -> kind == Kind.RUN && name.startsWith(StageState.OPTIMIZER));
        states.keySet().removeAll(weights.keySet());
        Map<String, Shape> wanted = weightShapes(recipe.model());
        weights.keySet().removeIf(name -> isCount(name) && !wanted.containsKey(name));
        TensorFit fit = TensorFit.of(wanted, weights);
        if (!fit.fits(mapping.strictness())) {
            return Optional.of(path + ": does not fit the model: " + fit.line() + advice(fit));
        }
        Map<String, Shape> wantedStates = stateShapes(recipe, wanted);
        if (kind == Kind.RUN && !TensorFit.of(wantedStates, states).fits()) {
            return Optional.of(path + ": " + otherStates(recipe, wantedStates, states)
                    + ", or its weights alone with --init " + path.resolve("model.safetensors"));
        }
        return nonFinite(kind == Kind.RUN ? name -> true : Set.copyOf(fit.fitting())::contains);
    }

    private String advice(TensorFit fit) {
        if (kind == Kind.RUN) {
            return "";
        }
        if (fit.prefix().isPresent()) {
            return "; " + JobKey.INIT_RENAME.path() + " = [\"" + fit.prefix().get() + "\"] makes names fit";
        }
        return fit.fitting().isEmpty() || mapping.strictness() == Strictness.PARTIAL
                ? ""
                : "; " + JobKey.INIT_FIT.path() + " = partial takes the "
                        + fit.fitting().size() + " that fit";
    }

    /**
     * What the job starts without, though it fits.
     *
     * @param recipe whose model it is for
     * @return one line that lists all that is not taken, and what starts from the seed instead; empty where all is taken
     */
    public Optional<String> leftOut(Recipe recipe) {
        if (!loadable() || kind == Kind.RUN) {
            return Optional.empty();
        }
        Map<String, Shape> wanted = weightShapes(recipe.model());
        Map<String, TensorEntry> found = entries();
        found.keySet().removeIf(name -> isCount(name) && !wanted.containsKey(name));
        TensorFit fit = TensorFit.of(wanted, found);
        return fit.fits()
                ? Optional.empty()
                : Optional.of(path + " gives " + fit.fitting().size() + " of the model's "
                        + Plural.of(wanted.size(), "tensor") + ", the seed the others: " + fit.line());
    }

    private static Map<String, Shape> stateShapes(Recipe recipe, Map<String, Shape> weights) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        for (String name : recipe.model().weights()) {
            recipe.optimizers()
                    .of(name)
                    .ifPresent(optimizer -> optimizer
                            .stateNames()
                            .forEach(state -> shapes.put(StageState.optimizerState(name, state), weights.get(name))));
        }
        StageState.memory(recipe).ifPresent(kept -> shapes.put(kept.name(), kept.shape()));
        return shapes;
    }

    private static String otherStates(Recipe recipe, Map<String, Shape> wanted, Map<String, TensorEntry> found) {
        String kept = stateNames(found.keySet());
        if (kept.equals(stateNames(wanted.keySet()))) {
            return "its optimizer keeps state of other parameters than learn here: "
                    + TensorFit.of(wanted, found).line() + "; take the parameter groups of that run";
        }
        return "its optimizer keeps " + kept + " for each parameter, "
                + recipe.optimizer().spec() + " keeps " + stateNames(wanted.keySet())
                + "; take the optimizer of that run";
    }

    private static String stateNames(Set<String> tensors) {
        return tensors.isEmpty()
                ? "nothing"
                : tensors.stream()
                        .map(name -> name.substring(name.lastIndexOf('/') + 1))
                        .distinct()
                        .collect(Collectors.joining(", "));
    }

    /**
     * Overwrites live tensors. For weights alone those of the optimizer are left as they are, and so is what the mapping
     * lets be missing.
     *
     * @param live of the whole model, by the names of parameters and of their state
     * @throws InvalidJobException if only the digest is known
     * @throws BadDataException if the files are not what they were when this was made
     */
    public void load(Map<String, Tensor> live) {
        if (!loadable()) {
            throw new InvalidJobException(where() + ": only its digest is known");
        }
        for (Path file : files) {
            try (SafeTensorsReader reader = SafeTensorsReader.open(file)) {
                for (TensorEntry entry : read(reader)) {
                    String name = mapping.rename(entry.name());
                    boolean other = kind == Kind.WEIGHTS && name.startsWith(StageState.OPTIMIZER);
                    Tensor tensor = other ? null : live.get(name);
                    if (tensor == null && mapping.strictness() == Strictness.STRICT && !isCount(name)) {
                        throw BadDataException.of(
                                file.toString(), "the tensors of the model", "'" + entry.name() + "'");
                    }
                    if (tensor != null && (mapping.strictness() != Strictness.PARTIAL || fits(entry, tensor))) {
                        reader.readFloats(entry.name(), tensor);
                    }
                }
            }
        }
    }

    private static boolean fits(TensorEntry entry, Tensor tensor) {
        return entry.type().readsAsFloat() && entry.shape().equals(tensor.shape());
    }

    /** {@return {@code from: /data/runs/digits-1}: how lines about it begin} */
    public String where() {
        return kind.key.path() + ": " + path;
    }

    /** A double may be finite and yet too large for a float32. */
    private Optional<String> nonFinite(Predicate<String> taken) {
        for (Path file : files) {
            try (SafeTensorsReader reader = SafeTensorsReader.open(file);
                    TensorArena arena = new TensorArena(largest(reader))) {
                for (TensorEntry entry : read(reader)) {
                    if (!taken.test(mapping.rename(entry.name()))) {
                        continue;
                    }
                    arena.reset();
                    Tensor tensor = arena.allocate(entry.shape());
                    reader.readFloats(entry.name(), tensor);
                    for (int i = 0; i < tensor.elements(); i++) {
                        if (!Float.isFinite(tensor.getFloat(i))) {
                            return Optional.of(file + ", tensor '" + entry.name() + "', value " + i
                                    + ": expected a finite float32, found " + tensor.getFloat(i) + " (read from "
                                    + entry.type() + ")");
                        }
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static long largest(SafeTensorsReader reader) {
        return reader.entries().stream()
                .mapToLong(entry -> TensorArena.bytesFor(entry.shape()))
                .max()
                .orElse(0);
    }

    /** All tensors by the names that they have here. */
    private Map<String, TensorEntry> entries() {
        Map<String, TensorEntry> entries = new LinkedHashMap<>();
        for (Path file : files) {
            try (SafeTensorsReader reader = SafeTensorsReader.open(file)) {
                for (TensorEntry entry : read(reader)) {
                    String name = mapping.rename(entry.name());
                    TensorEntry other = entries.put(name, entry);
                    if (other != null) {
                        throw new InvalidJobException(where() + ": " + JobKey.INIT_RENAME.path() + " gives one name, '"
                                + Excerpt.of(name) + "', to two tensors, '" + Excerpt.of(other.name()) + "' and '"
                                + Excerpt.of(entry.name()) + "'");
                    }
                }
            }
        }
        return entries;
    }

    /** PyTorch's batch normalization counts its batches; one with momentum never asks how many, and keeps no count here. */
    private static boolean isCount(String name) {
        return name.endsWith(".num_batches_tracked");
    }

    /** What is read of a file: averages of a run's weights are that run's, and those of another begin with its first step. */
    private List<TensorEntry> read(SafeTensorsReader reader) {
        return reader.entries().stream()
                .filter(entry -> kind != Kind.RUN || !StageState.isAverage(entry.name()))
                .toList();
    }

    private static Map<String, Shape> weightShapes(Model model) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        for (Node node : model.nodes()) {
            List<Parameter> parameters = node.layer().parameters();
            for (int i = 0; i < parameters.size(); i++) {
                shapes.putIfAbsent(node.parameters().get(i), parameters.get(i).shape());
            }
        }
        return shapes;
    }

    private static Path absolute(Path path) {
        return path.toAbsolutePath().normalize();
    }
}
