package io.ketju.pipeline.stage;

import io.ketju.layers.model.IncrementalModel;
import io.ketju.layers.model.IncrementalModel.Beginning;
import io.ketju.layers.model.IncrementalModel.Carried;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.memory.TensorArena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * An {@link IncrementalModel} with weights, in use: some sequences that grow together, each position of which runs over what the
 * earlier ones left. What it gives has the bits of the whole model over all positions. Not thread-safe.
 */
public final class IncrementalPredictor implements AutoCloseable {
    private final IncrementalModel model;
    private final Optional<Predictor> once;
    private final Predictor each;
    /** What is handed to the next position, in the order of the model, and the memory that it lies in. */
    private List<Tensor> carried = List.of();

    private Rows begun = Rows.of(List.of());
    private Rows made = Rows.of(List.of());
    private int position;

    /** Tensors of some sequences, with their memory. */
    private record Rows(TensorArena arena, List<Tensor> tensors) implements AutoCloseable {
        /** All zero. */
        static Rows of(List<TensorType> types) {
            TensorArena arena = new TensorArena(types.stream()
                    .mapToLong(type -> TensorArena.bytesFor(type.shape()))
                    .sum());
            return new Rows(arena, types.stream().map(arena::allocate).toList());
        }

        @Override
        public void close() {
            arena.close();
        }
    }

    /**
     * Over the weights of a predictor of the whole model; to be closed before it.
     *
     * @param model which positions run over what
     * @param whole has the weights, which stay its own
     * @param most sequences that grow together
     * @param together samples that go at once through what runs once
     */
    public IncrementalPredictor(IncrementalModel model, Predictor whole, int most, int together) {
        this.model = model;
        once = model.once().map(graph -> whole.sharing(graph, together));
        each = whole.sharing(model.each(), most);
    }

    /**
     * Begins sequences of no position.
     *
     * @param given the inputs of the whole model by name, samples outermost, without the one that grows; only read
     * @param sequences how many begin
     */
    public void begin(Map<String, Tensor> given, int sequences) {
        try (Rows computed = computed(given)) {
            List<Optional<Tensor>> sources = new ArrayList<>();
            List<TensorType> types = new ArrayList<>();
            for (Carried one : model.carried()) {
                Optional<Tensor> source = source(one.begins(), given, computed);
                sources.add(source);
                types.add(source.map(TensorType::of).orElseGet(() -> zeros(one.begins(), sequences)));
            }
            Rows next = Rows.of(types);
            for (int i = 0; i < sources.size(); i++) {
                sources.get(i).ifPresent(next.tensors().get(i)::copyFrom);
            }
            replace(next);
        }
        position = 0;
    }

    /** What a carried tensor begins as; empty for zeros. */
    private static Optional<Tensor> source(Beginning begins, Map<String, Tensor> given, Rows computed) {
        if (begins instanceof Beginning.Given input) {
            return Optional.of(given(given, input.input()));
        }
        return begins instanceof Beginning.Computed output
                ? Optional.of(computed.tensors().get(output.output()))
                : Optional.empty();
    }

    private static TensorType zeros(Beginning begins, int sequences) {
        return rows(((Beginning.Zeros) begins).type(), sequences);
    }

    /** What runs once. */
    private Rows computed(Map<String, Tensor> given) {
        if (once.isEmpty()) {
            return Rows.of(List.of());
        }
        List<Tensor> inputs = once.get().model().inputs().stream()
                .map(input -> given(given, input.name()))
                .toList();
        Rows outputs = Rows.of(once.get().outputTypes(types(inputs)));
        once.get().predict(inputs, outputs.tensors());
        return outputs;
    }

    private static Tensor given(Map<String, Tensor> given, String name) {
        return Objects.requireNonNull(given.get(name), () -> "no input '" + name + "'");
    }

    private static List<TensorType> types(List<Tensor> tensors) {
        return tensors.stream().map(TensorType::of).toList();
    }

    private static TensorType rows(TensorType type, int count) {
        return type.withShape(type.shape().sample().batched(count));
    }

    private void replace(Rows next) {
        begun.close();
        made.close();
        begun = next;
        made = Rows.of(List.of());
        carried = next.tensors();
    }

    /** {@return how many positions the sequences have} */
    public int position() {
        return position;
    }

    /**
     * One more position of all sequences.
     *
     * @param tokens what is new of each
     * @return the model's first output at that position, [sequences, 1, ...], until anything else is called
     */
    public Tensor next(int... tokens) {
        TensorType ints = TensorType.ints(tokens.length, 1);
        try (Rows own = Rows.of(List.of(ints, ints))) {
            for (int i = 0; i < tokens.length; i++) {
                own.tensors().get(0).setInt(i, tokens[i]);
                own.tensors().get(1).setInt(i, position);
            }
            List<Tensor> inputs = new ArrayList<>(own.tensors());
            inputs.addAll(carried);
            Rows outputs = Rows.of(each.outputTypes(types(inputs)));
            each.predict(inputs, outputs.tensors());
            handOn(outputs);
        }
        position++;
        return made.tensors().getFirst();
    }

    private void handOn(Rows outputs) {
        List<Tensor> next = new ArrayList<>(carried);
        for (int i = 0; i < next.size(); i++) {
            OptionalInt becomes = model.carried().get(i).next();
            if (becomes.isPresent()) {
                next.set(i, outputs.tensors().get(becomes.getAsInt()));
            }
        }
        made.close();
        made = outputs;
        carried = next;
    }

    /**
     * Goes on with some of the sequences, in another order or several times.
     *
     * @param sequences which, by their numbers now
     */
    public void choose(int... sequences) {
        Rows chosen = Rows.of(types(carried).stream()
                .map(type -> rows(type, sequences.length))
                .toList());
        for (int i = 0; i < carried.size(); i++) {
            for (int row = 0; row < sequences.length && carried.get(i).elements() > 0; row++) {
                Tensor from = carried.get(i).samples(sequences[row], 1);
                chosen.tensors().get(i).samples(row, 1).copyFrom(from);
            }
        }
        replace(chosen);
    }

    @Override
    public void close() {
        begun.close();
        made.close();
        each.close();
        once.ifPresent(Predictor::close);
    }
}
