package io.ketju.layers;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import java.util.OptionalInt;

/**
 * Which whole numbers an int32 tensor may have where somebody counts or indexes by them.
 *
 * @param what one of them is: {@code a class}
 * @param least the smallest
 * @param most the largest
 * @param also one more that stands for none of them
 */
public record IntRange(String what, int least, int most, OptionalInt also) {
    /**
     * All from 0 below a number.
     *
     * @param what one of them is: {@code a class}
     * @param count how many there are; with 0 none is taken
     * @return the range from 0 to {@code count - 1}
     */
    public static IntRange below(String what, int count) {
        return new IntRange(what, 0, count - 1, OptionalInt.empty());
    }

    /**
     * With one more that is taken, which stands for none of them; it replaces the one that was.
     *
     * @param value for instance the -100 of targets that do not count
     * @return another range
     */
    public IntRange and(int value) {
        return new IntRange(what, least, most, OptionalInt.of(value));
    }

    /**
     * Looks for a value that is none of these.
     *
     * @param values int32, of any shape
     * @return index in row-major order of the first that is outside; empty if all are within
     */
    public OptionalInt firstOutside(Tensor values) {
        int elements = values.elements();
        for (int i = 0; i < elements; i++) {
            int value = values.getInt(i);
            if ((value < least || value > most) && !(also.isPresent() && also.getAsInt() == value)) {
                return OptionalInt.of(i);
            }
        }
        return OptionalInt.empty();
    }

    /**
     * Where a value lies in a tensor with samples outermost, for messages.
     *
     * @param index of the value in row-major order, from 0
     * @param shape of the tensor, with elements
     * @return {@code sample 3, position 5}, both from 0; {@code sample 3} if each sample is one value, {@code value} for a tensor of rank 0
     */
    public static String place(int index, Shape shape) {
        if (shape.rank() == 0) {
            return "value";
        }
        int perSample = shape.elements() / shape.dimension(0);
        String sample = "sample " + index / perSample;
        return shape.rank() == 1 ? sample : sample + ", position " + index % perSample;
    }

    /** {@code a class from 0 to 9}, or {@code a class from 0 to 9, or -100 for none}. */
    @Override
    public String toString() {
        return what + " from " + least + " to " + most
                + (also.isPresent() ? ", or " + also.getAsInt() + " for none" : "");
    }
}
