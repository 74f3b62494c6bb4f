package io.ketju.actors.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.ketju.data.BadDataException;
import io.ketju.data.file.DurableFile;
import io.ketju.data.safetensors.NamedTensor;
import io.ketju.data.safetensors.SafeTensorsReader;
import io.ketju.data.safetensors.SafeTensorsWriter;
import io.ketju.data.safetensors.TensorEntry;
import io.ketju.pipeline.stage.StageState;
import io.ketju.tensor.Excerpt;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes a state that runs start from ({@link RunState#at}) of weights and of an optimizer's state by the names of {@link
 * TorchOptimizerState}: one safetensors file with the tensors of a checkpoint. Every parameter must have been updated as often as
 * all others, as an optimizer of PyTorch does that has all of them.
 */
public final class TorchTrainingState {
    /** The metadata that holds how many steps the optimizer has taken. */
    static final String STEPS = "steps";

    private static final Pattern NAME = Pattern.compile("state\\.(\\d{1,6})\\.([a-z][a-z0-9_]{0,40})");

    private TorchTrainingState() {}

    /**
     * Writes the file.
     *
     * @param weights safetensors files, of any type that is read as float32
     * @param optimizer a safetensors file whose metadata has {@code parameters}, a JSON array of their names
     * @param steps that the optimizer has taken, where its state does not count them
     * @param to the file, overwritten if it is there; durable when this returns
     * @return how many tensors it has
     * @throws BadDataException if a file is not that, or cannot be read or written, or counts say otherwise
     */
    public static int write(List<Path> weights, Path optimizer, OptionalLong steps, Path to) {
        try (TensorArena arena = new TensorArena(bytes(weights) + bytes(List.of(optimizer)))) {
            List<NamedTensor> tensors = new ArrayList<>();
            for (Path file : weights) {
                try (SafeTensorsReader reader = SafeTensorsReader.open(file)) {
                    for (TensorEntry entry : reader.entries()) {
                        tensors.add(new NamedTensor(entry.name(), floats(reader, entry, arena)));
                    }
                }
            }
            long taken = addStates(optimizer, steps, arena, tensors);
            DurableFile.write(to, out -> SafeTensorsWriter.write(out, tensors, Map.of(STEPS, Long.toString(taken))));
            return tensors.size();
        } catch (IOException e) {
            throw BadDataException.unwritable(to.toString(), e);
        }
    }

    private static long addStates(Path file, OptionalLong given, TensorArena arena, List<NamedTensor> tensors) {
        OptionalLong steps = OptionalLong.empty();
        try (SafeTensorsReader reader = SafeTensorsReader.open(file)) {
            List<String> parameters = parameters(reader, file);
            for (TensorEntry entry : reader.entries()) {
                Matcher name = NAME.matcher(entry.name());
                if (!name.matches() || Integer.parseInt(name.group(1)) >= parameters.size()) {
                    throw BadDataException.of(
                            file.toString(),
                            "names such as state.0.exp_avg, of " + parameters.size() + " parameters",
                            "'" + Excerpt.of(entry.name()) + "'");
                }
                Tensor read = floats(reader, entry, arena);
                if (!name.group(2).equals(StageState.STEP)) {
                    String parameter = parameters.get(Integer.parseInt(name.group(1)));
                    tensors.add(new NamedTensor(StageState.optimizerState(parameter, name.group(2)), read));
                    continue;
                }
                long count = count(read, file, entry);
                if (steps.isPresent() && steps.getAsLong() != count) {
                    throw BadDataException.of(
                            file + ", tensor '" + entry.name() + "'",
                            steps.getAsLong() + " steps, as of the parameters before",
                            Long.toString(count));
                }
                steps = OptionalLong.of(count);
            }
        }
        return agreed(steps, given, file);
    }

    private static long agreed(OptionalLong counted, OptionalLong given, Path file) {
        if (counted.isPresent() && given.isPresent() && counted.getAsLong() != given.getAsLong()) {
            throw BadDataException.of(
                    file.toString(), given.getAsLong() + " steps", counted.getAsLong() + " in its state");
        }
        if (counted.isEmpty() && given.isEmpty()) {
            throw BadDataException.of(
                    file.toString(),
                    "a count of steps",
                    "none, as some optimizers keep none; say how many it has taken (--optimizer-steps)");
        }
        return counted.isPresent() ? counted.getAsLong() : given.getAsLong();
    }

    private static long count(Tensor step, Path file, TensorEntry entry) {
        float value = step.elements() == 1 ? step.getFloat(0) : Float.NaN;
        if (!(value >= 0 && value < 1 << 24 && value == Math.rint(value))) {
            throw BadDataException.of(
                    file + ", tensor '" + entry.name() + "'",
                    "one whole number of steps below " + (1 << 24),
                    step.elements() == 1 ? Float.toString(value) : step.shape().toString());
        }
        return (long) value;
    }

    private static List<String> parameters(SafeTensorsReader reader, Path file) {
        String text = reader.metadata().get(TorchOptimizerState.PARAMETERS);
        if (text == null) {
            throw BadDataException.of(
                    file.toString(), "the names of its parameters, a JSON array, as metadata 'parameters'", "none");
        }
        List<String> names = new ArrayList<>();
        try (JsonParser json = new JsonFactory().createParser(text)) {
            boolean array = json.nextToken() == JsonToken.START_ARRAY;
            while (array && json.nextToken() == JsonToken.VALUE_STRING) {
                names.add(json.getText());
            }
            if (array && json.currentToken() == JsonToken.END_ARRAY && json.nextToken() == null) {
                return names;
            }
        } catch (IOException e) {
            throw BadDataException.of(file + ", metadata 'parameters'", "a JSON array of names", Excerpt.of(text));
        }
        throw BadDataException.of(file + ", metadata 'parameters'", "a JSON array of names", Excerpt.of(text));
    }

    private static Tensor floats(SafeTensorsReader reader, TensorEntry entry, TensorArena arena) {
        Tensor read = arena.allocate(entry.shape());
        reader.readFloats(entry.name(), read);
        return read;
    }

    private static long bytes(List<Path> files) {
        long bytes = 0;
        for (Path file : files) {
            try (SafeTensorsReader reader = SafeTensorsReader.open(file)) {
                bytes += reader.entries().stream()
                        .mapToLong(entry -> TensorArena.bytesFor(entry.shape()))
                        .sum();
            }
        }
        return bytes;
    }
}
