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
        /** An input of the layer. */
        record Input(int index) implements Source {}

        /** An output of a part that runs once. */
        record Once(int part, int output) implements Source {}

        /** An output of a part that runs for each position. */
        record Made(int part, int output) implements Source {}

        /** A kept tensor, as the position before has left it. */
        record Kept(int index) implements Source {}

        /** The number of the new position, from 0: int32 [samples, 1]. */
        record Index() implements Source {}
    }

    /**
     * One layer.
     *
     * @param parameters which of the replaced layer's parameters are its own, by position
     */
    public record Part(Layer layer, List<Integer> parameters, List<Source> inputs) {
        public Part {
            parameters = List.copyOf(parameters);
            inputs = List.copyOf(inputs);
        }

        /** One without parameters. */
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

    public Increment {
        once = List.copyOf(once);
        each = List.copyOf(each);
        outputs = List.copyOf(outputs);
        kept = List.copyOf(kept);
    }

    /** Of a layer whose outputs at a position depend on its inputs at that position alone; empty if others are given. */
    public static Optional<Increment> positionwise(Layer layer, List<Given> given) {
        if (!all(given, Given.POSITION)) {
            return Optional.empty();
        }
        return Optional.of(new Increment(
                List.of(), List.of(whole(layer, given.size())), List.of(new Source.Made(0, 0)), List.of()));
    }

    /** Whether all inputs are of one kind. */
    public static boolean all(List<Given> given, Given kind) {
        return Collections.frequency(given, kind) == given.size();
    }

    /** The layer itself, over as many of its first inputs. */
    public static Part whole(Layer layer, int inputs) {
        return whole(layer, inputs(inputs));
    }

    /** The layer itself, with its parameters, over other inputs. */
    public static Part whole(Layer layer, List<Source> inputs) {
        return new Part(
                layer, IntStream.range(0, layer.parameters().size()).boxed().toList(), inputs);
    }

    /** So many inputs of the layer, from the first. */
    public static List<Source> inputs(int count) {
        return IntStream.range(0, count).<Source>mapToObj(Source.Input::new).toList();
    }
}
