package io.ketju.actors.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.ketju.data.BadDataException;
import io.ketju.data.file.DurableFile;
import io.ketju.data.safetensors.NamedTensor;
import io.ketju.data.safetensors.SafeTensorsReader;
import io.ketju.data.safetensors.SafeTensorsWriter;
import io.ketju.data.safetensors.TensorEntry;
import io.ketju.pipeline.stage.StageState;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a run's optimizer keeps, by the names of PyTorch's {@code optimizer.state_dict()}: {@code state.N.exp_avg} is {@code
 * state_dict()["state"][N]["exp_avg"]}, N counting the parameters in the model's order, which the file's metadata lists as {@code
 * parameters}, a JSON array of their names. Counts of updates are {@code state.N.step}, one float32 as PyTorch has it.
 */
public final class TorchOptimizerState {
    /** The metadata that lists the parameters. */
    static final String PARAMETERS = "parameters";

    private TorchOptimizerState() {}

    /** A state tensor: of which parameter, and what it is. */
    private record State(int parameter, String state) {
        String name() {
            return "state." + parameter + "." + state;
        }
    }

    /**
     * Writes a file.
     *
     * @param files of a checkpoint
     * @param parameters that learn, in the model's order
     * @param updates how often the optimizer has updated those of which the checkpoint has no count of their own
     * @param to the file, overwritten if it is there; durable when this returns
     * @return how many tensors it has
     * @throws BadDataException if there is no state, or one of the whole model, as {@code LBFGS} keeps it, which has no such names;
     *     if a file cannot be read or written
     */
    public static int write(List<Path> files, List<String> parameters, long updates, Path to) {
        try (TensorArena arena = new TensorArena(bytes(files) + parameters.size() * TensorArena.bytesFor(Shape.of()))) {
            List<NamedTensor> tensors = new ArrayList<>();
            for (Path file : files) {
                read(file, parameters, arena, tensors);
            }
            if (tensors.isEmpty()) {
                throw BadDataException.of(
                        files.getFirst().toString(), "a checkpoint of an optimizer that keeps something", "none");
            }
            addCounts(parameters.size(), updates, arena, tensors);
            DurableFile.write(to, out -> SafeTensorsWriter.write(out, tensors, Map.of(PARAMETERS, json(parameters))));
            return tensors.size();
        } catch (IOException e) {
            throw BadDataException.unwritable(to.toString(), e);
        }
    }

    private static void addCounts(int parameters, long updates, TensorArena arena, List<NamedTensor> tensors) {
        for (int i = 0; i < parameters; i++) {
            String step = new State(i, StageState.STEP).name();
            String prefix = new State(i, "").name();
            boolean kept = tensors.stream().anyMatch(tensor -> tensor.name().startsWith(prefix));
            if (kept && tensors.stream().noneMatch(tensor -> tensor.name().equals(step))) {
                Tensor number = arena.allocate(DType.FLOAT32, Shape.of());
                number.setFloat(0, (float) updates);
                tensors.add(new NamedTensor(step, number));
            }
        }
    }

    private static long bytes(List<Path> files) {
        long bytes = 0;
        for (Path file : files) {
            try (SafeTensorsReader reader = SafeTensorsReader.open(file)) {
                bytes += 2
                        * reader.entries().stream()
                                .filter(entry -> entry.name().startsWith(StageState.OPTIMIZER))
                                .mapToLong(entry -> TensorArena.bytesFor(entry.shape()))
                                .sum();
            }
        }
        return bytes;
    }

    private static void read(Path file, List<String> parameters, TensorArena arena, List<NamedTensor> tensors) {
        try (SafeTensorsReader reader = SafeTensorsReader.open(file)) {
            for (TensorEntry entry : reader.entries()) {
                if (entry.name().startsWith(StageState.OPTIMIZER)) {
                    State state = state(entry.name(), parameters, file);
                    tensors.add(new NamedTensor(state.name(), tensor(reader, entry, arena)));
                }
            }
        }
    }

    private static State state(String name, List<String> parameters, Path file) {
        int end = name.lastIndexOf('/');
        String state = name.substring(end + 1);
        int parameter = parameters.indexOf(name.substring(StageState.OPTIMIZER.length(), end));
        if (parameter < 0 || state.equals(StageState.MEMORY)) {
            throw BadDataException.of(file + "", "an optimizer's state of each parameter", "'" + name + "'");
        }
        return new State(parameter, state);
    }

    /** Counts become numbers. */
    private static Tensor tensor(SafeTensorsReader reader, TensorEntry entry, TensorArena arena) {
        boolean whole = entry.type().dtype().filter(type -> type == DType.INT32).isPresent();
        Tensor read = arena.allocate(whole ? DType.INT32 : DType.FLOAT32, entry.shape());
        reader.read(entry.name(), read);
        if (!whole) {
            return read;
        }
        Tensor number = arena.allocate(DType.FLOAT32, Shape.of());
        number.setFloat(0, read.getInt(0));
        return number;
    }

    private static String json(List<String> names) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeArray(names.toArray(String[]::new), 0, names.size());
        }
        return text.toString();
    }
}
