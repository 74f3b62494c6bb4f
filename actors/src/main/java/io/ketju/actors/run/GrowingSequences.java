package io.ketju.actors.run;

import io.ketju.pipeline.stage.IncrementalPredictor;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.memory.TensorArena;
import java.util.HashMap;
import java.util.Map;

/**
 * Sequences that a model goes on with token by token, each of which costs one position, however many there are. To be closed
 * before the model.
 */
final class GrowingSequences implements AutoCloseable {
    private final TrainedModel model;
    private final IncrementalPredictor predictor;

    /** Of the model's own predictor, which nobody else uses while the model is locked. */
    GrowingSequences(TrainedModel model, IncrementalPredictor predictor) {
        this.model = model;
        this.predictor = predictor;
    }

    /**
     * Begins sequences of no token.
     *
     * @param given the other inputs of the model, samples outermost
     */
    void begin(Map<String, TensorValues> given, int sequences) {
        long bytes = given.values().stream()
                .map(TensorValues::type)
                .mapToLong(type -> TensorArena.bytesFor(type.shape()))
                .sum();
        synchronized (model) {
            try (TensorArena arena = new TensorArena(bytes)) {
                Map<String, Tensor> tensors = new HashMap<>();
                given.forEach((name, values) -> {
                    TensorType type = values.type();
                    Tensor tensor = arena.allocate(type);
                    values.copyTo(0, tensor);
                    tensors.put(name, tensor);
                });
                predictor.begin(tensors, sequences);
            }
        }
    }

    /** How many tokens they have. */
    int length() {
        return predictor.position();
    }

    /** The model's first output behind one more token of each, as rows. */
    float[] next(int... tokens) {
        synchronized (model) {
            return predictor.next(tokens).toFloats();
        }
    }

    /** Goes on with these of them, by their numbers. */
    void choose(int... sequences) {
        synchronized (model) {
            predictor.choose(sequences);
        }
    }

    @Override
    public void close() {
        synchronized (model) {
            predictor.close();
        }
    }
}
