package io.ketju.layers;

import io.ketju.tensor.TensorType;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * What a layer does when sequences grow by one position: some layers in its place, over the new position alone and over tensors
 * that are kept from position to position (states of recurrences, keys and values of attention). What does not depend on the
 * growing sequences is done once, before the first position. The sequences of all samples are equally long, and none is padded.
 *
 * @param once what is done before the first position
 * @param each what is done for each new position
 * @param outputs of the layer, in order: made by {@code each} they have the new position alone, made by {@code once} they are
 *     the same for all positions
 * @param kept tensors that go from position to position
 */
public record Increment(List<Part> once, List<Part> each, List<Source> outputs, List<Memory> kept) {
    /** What an input of the layer is while sequences grow. */
    public enum Given {
        /** Of the growing sequences, [samples, positions, ...]: the new position alone, [samples, 1, ...]. */
        POSITION,
        /** How many positions they have, int32 [samples]. */
        LENGTHS,
        /** The same for all positions. */
        FIXED
    }

    /** Where an input of a part comes from. */
    public sealed interface Source {
        /**
         * An input of the layer.
         *
         * @param index position among its inputs
         */
        record Input(int index) implements Source {}

        /**
         * An output of a part that runs once.
         *
         * @param part position in {@link Increment#once}
         * @param output of it, by position
         */
        record Once(int part, int output) implements Source {}

        /**
         * An output of a part that runs for each position.
         *
         * @param part position in {@link Increment#each}; where a part reads it, that of an earlier one
         * @param output of it, by position
         */
        record Made(int part, int output) implements Source {}

        /**
         * A kept tensor, as the position before has left it.
         *
         * @param index position in {@link Increment#kept}
         */
        record Kept(int index) implements Source {}

        /** The number of the new position, from 0: int32 [samples, 1]. */
        record Index() implements Source {}
    }

    /**
     * One layer.
     *
     * @param layer that runs in the place of the whole one, or in a part of it
     * @param parameters which of the replaced layer's parameters are its own, by position
     * @param inputs where its inputs come from, in their order
     */
    public record Part(Layer layer, List<Integer> parameters, List<Source> inputs) {
        /** Copies the lists. */
        public Part {
            parameters = List.copyOf(parameters);
            inputs = List.copyOf(inputs);
        }

        /**
         * One without parameters.
         *
         * @param layer that has none
         * @param inputs where its inputs come from, in their order
         */
        public Part(Layer layer, Source... inputs) {
            this(layer, List.of(), List.of(inputs));
        }
    }

    /**
     * A tensor that goes from position to position.
     *
     * @param first its type at the first position, of one sample
     * @param most its largest type, of one sample
     * @param begins the FIXED input that it begins as; zeros if empty
     * @param next what it becomes
     */
    public record Memory(TensorType first, TensorType most, OptionalInt begins, Source next) {}

    /** Copies the lists. */
    public Increment {
        once = List.copyOf(once);
        each = List.copyOf(each);
        outputs = List.copyOf(outputs);
        kept = List.copyOf(kept);
    }

    /**
     * Of a layer whose output 0 at a position depends on its inputs at that position alone.
     *
     * @param layer which runs as it is, over the new position
     * @param given what each input is
     * @return the layer itself, once for each position; empty unless all inputs are {@link Given#POSITION}
     */
    public static Optional<Increment> positionwise(Layer layer, List<Given> given) {
        if (!all(given, Given.POSITION)) {
            return Optional.empty();
        }
        return Optional.of(new Increment(
                List.of(), List.of(whole(layer, given.size())), List.of(new Source.Made(0, 0)), List.of()));
    }

    /**
     * Whether all inputs are of one kind.
     *
     * @param given what each input is
     * @param kind that is asked for
     * @return true if all are; true if there are none
     */
    public static boolean all(List<Given> given, Given kind) {
        return Collections.frequency(given, kind) == given.size();
    }

    /**
     * The layer itself, with its parameters, over as many of its first inputs.
     *
     * @param layer the whole one
     * @param inputs how many it takes, from the first
     * @return a part that runs it
     */
    public static Part whole(Layer layer, int inputs) {
        return whole(layer, inputs(inputs));
    }

    /**
     * The layer itself, with its parameters, over other inputs.
     *
     * @param layer the whole one
     * @param inputs where its inputs come from, in their order
     * @return a part that runs it
     */
    public static Part whole(Layer layer, List<Source> inputs) {
        return new Part(
                layer, IntStream.range(0, layer.parameters().size()).boxed().toList(), inputs);
    }

    /**
     * Inputs of the layer, from the first.
     *
     * @param count how many
     * @return inputs 0 to {@code count - 1}
     */
    public static List<Source> inputs(int count) {
        return IntStream.range(0, count).<Source>mapToObj(Source.Input::new).toList();
    }
}
