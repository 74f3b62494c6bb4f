package io.ketju.layers.attention;

import io.ketju.layers.Increment;
import io.ketju.layers.Increment.Given;
import io.ketju.layers.Increment.Memory;
import io.ketju.layers.Increment.Part;
import io.ketju.layers.Increment.Source;
import io.ketju.layers.shape.Chunk;
import io.ketju.layers.shape.Concat;
import io.ketju.tensor.Shape;
import io.ketju.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Attention of one more query: to the keys of all positions so far, which are kept with their values, or to keys that are the same for
 * all queries. A query that sees the keys behind it as well, or by a mask of its own, has no such form.
 */
record GrowingKeys(ScaledDotProductAttention layer, AttentionInputs places) {
    private static final int POSITIONS = 1;

    Optional<Increment> increment(List<Given> given, List<TensorType> inputs) {
        List<Given> operands = given.subList(0, places.operands());
        List<Given> more = given.subList(places.operands(), given.size());
        if (Increment.all(operands, Given.POSITION)) {
            boolean fits = layer.causal()
                    && layer.visibility().extraKeys() == 0
                    && places.padding() < 0
                    && places.mask() < 0
                    && Increment.all(more, Given.LENGTHS);
            return fits ? Optional.of(toItself(inputs)) : Optional.empty();
        }
        boolean fits = operands.equals(List.of(Given.POSITION, Given.FIXED, Given.FIXED))
                && !layer.causal()
                && Increment.all(more, Given.FIXED)
                && places.mask() < 0;
        return fits ? Optional.of(toOthers(inputs.size())) : Optional.empty();
    }

    private Increment toOthers(int inputs) {
        Part whole = new Part(layer.withDropout(0), List.of(), Increment.inputs(inputs));
        return new Increment(List.of(), List.of(whole), List.of(new Source.Made(0, 0)), List.of());
    }

    /** Keys and values grow by those of the new position, which sees all of them. */
    private Increment toItself(List<TensorType> inputs) {
        List<Part> each = new ArrayList<>();
        List<Source> operands = new ArrayList<>(Increment.inputs(places.operands()));
        List<TensorType> types = new ArrayList<>(inputs.subList(0, places.operands()));
        if (places.packed()) {
            Chunk thirds = new Chunk(3, -1);
            each.add(new Part(thirds, new Source.Input(0)));
            operands = List.of(new Source.Made(0, 0), new Source.Made(0, 1), new Source.Made(0, 2));
            types = thirds.outputs(types);
        }
        Source keys = new Source.Made(each.size(), 0);
        Source values = new Source.Made(each.size() + 1, 0);
        Source attended = new Source.Made(each.size() + 2, 0);
        each.add(new Part(new Concat(POSITIONS), new Source.Kept(0), operands.get(1)));
        each.add(new Part(new Concat(POSITIONS), new Source.Kept(1), operands.get(2)));
        ScaledDotProductAttention all =
                layer.withVisibility(layer.visibility().asCausal(false)).withDropout(0);
        each.add(new Part(all, operands.getFirst(), keys, values));
        List<Memory> kept = List.of(memory(types.get(1), keys), memory(types.get(2), values));
        return new Increment(List.of(), each, List.of(attended), kept);
    }

    /** None at first; all but the last position at most. */
    private static Memory memory(TensorType all, Source next) {
        Shape shape = all.shape();
        TensorType none = TensorType.floats(1, 0, shape.dimension(2));
        TensorType most = TensorType.floats(1, Math.max(0, shape.dimension(POSITIONS) - 1), shape.dimension(2));
        return new Memory(none, most, OptionalInt.empty(), next);
    }
}
