package io.ketju.actors.run;

import io.ketju.actors.checkpoint.Checkpoint;
import io.ketju.actors.checkpoint.RunDirectory;
import io.ketju.data.BadDataException;
import io.ketju.data.safetensors.SafeTensorsReader;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Compares the weights that lie in a run's folder for others to take with those that the run itself goes by. */
public final class WeightsOnDisk {
    private WeightsOnDisk() {}

    /**
     * {@return one line if {@code model.safetensors} is there and does not hold the model's weights bit for bit}
     *
     * @param run its folder
     * @param given the checkpoint whose weights the run gives
     * @param model with these weights
     */
    public static Optional<String> note(RunDirectory run, Checkpoint given, TrainedModel model) {
        Path file = run.weights();
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        return difference(file, model)
                .map(what ->
                        file + ": " + what + ": it was replaced, or written before the run went on; the weights of "
                                + given.directory() + " are used");
    }

    private static Optional<String> difference(Path file, TrainedModel model) {
        long largest = model.weights().values().stream()
                .mapToLong(tensor -> TensorArena.bytesFor(tensor.shape()))
                .max()
                .orElse(0);
        try (SafeTensorsReader reader = SafeTensorsReader.open(file);
                TensorArena arena = new TensorArena(largest)) {
            for (Map.Entry<String, Tensor> live : model.weights().entrySet()) {
                arena.reset();
                Tensor read = arena.allocate(live.getValue().shape());
                reader.read(live.getKey(), read);
                if (read.segment().mismatch(live.getValue().segment()) >= 0) {
                    return Optional.of("holds other values of '" + live.getKey() + "' than the run's checkpoint");
                }
            }
            return Optional.empty();
        } catch (BadDataException e) {
            return Optional.of("does not hold the weights of the run's checkpoint (" + e.getMessage() + ")");
        }
    }
}
