package io.ketju.layers;

import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.random.CounterRandom;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A tensor of a case: {@code [2, 3]} normal numbers, {@code positive[2, 3]}, {@code unit[2, 3]} from 0 to 1, {@code
 * labels[2, 3]} zeros and ones, {@code signs[2, 3]} ones of either sign, {@code int32[4]<7} whole numbers below 7, {@code
 * int32[4]pointers} row pointers of the sparse matrix whose elements come next, {@code int32[4]offsets} 0, 2, 4 ...
 * A tensor that has nothing to do with the samples is {@code constant int32[7]<5}.
 *
 * @param bound of whole numbers
 */
record CaseTensor(Fill fill, TensorType type, int bound, boolean constant) {
    private static final String CONSTANT = "constant ";

    /** What the elements are. */
    enum Fill {
        NORMAL,
        POSITIVE,
        UNIT,
        LABELS,
        SIGNS,
        WHOLE,
        POINTERS,
        OFFSETS
    }

    private static final Pattern FORM = Pattern.compile("(\\w*)\\[([\\d, ]*)\\](?:<(\\d+)|(pointers|offsets))?");

    static CaseTensor parse(String text) {
        boolean constant = text.strip().startsWith(CONSTANT);
        Matcher matcher = FORM.matcher(text.strip().substring(constant ? CONSTANT.length() : 0));
        if (!matcher.matches()) {
            throw new IllegalArgumentException("expected a tensor as int32[3, 4]<5, found '" + text + "'");
        }
        int[] dimensions = Arrays.stream(matcher.group(2).split(",", -1))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .mapToInt(Integer::parseInt)
                .toArray();
        String kind = matcher.group(1);
        if (kind.equals("int32")) {
            Fill fill = matcher.group(4) == null
                    ? Fill.WHOLE
                    : Fill.valueOf(matcher.group(4).toUpperCase(Locale.ROOT));
            int bound = matcher.group(3) == null ? 1 : Integer.parseInt(matcher.group(3));
            return new CaseTensor(fill, new TensorType(DType.INT32, Shape.of(dimensions)), bound, constant);
        }
        Fill fill = kind.isEmpty() ? Fill.NORMAL : Fill.valueOf(kind.toUpperCase(Locale.ROOT));
        return new CaseTensor(fill, TensorType.floats(dimensions), 1, constant);
    }

    /** With another type. */
    CaseTensor as(TensorType other) {
        return new CaseTensor(fill, other, bound, constant);
    }

    /** Of so many samples. */
    CaseTensor withSamples(int samples) {
        return constant ? this : as(type.withShape(type.shape().sample().batched(samples)));
    }

    /** With one dimension, if it has it, larger by so much; samples are dimension 0. */
    CaseTensor enlarged(int dimension, int by) {
        int[] dimensions = type.shape().toArray();
        if (dimension < dimensions.length && !(constant && dimension == 0)) {
            dimensions[dimension] += by;
        }
        return as(type.withShape(Shape.of(dimensions)));
    }

    /** The elements of one sample. */
    float[] sample(float[] values, int index) {
        int size = type.shape().sample().elements();
        return constant ? values : Arrays.copyOfRange(values, index * size, (index + 1) * size);
    }

    /** Elements that are a function of seed and name. */
    float[] values(long seed, String name) {
        CounterRandom random = CounterRandom.of(seed, name);
        float[] values = new float[type.shape().elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (fill) {
                case NORMAL -> random.normal(i);
                case POSITIVE -> (float) Math.exp(random.normal(i));
                case UNIT -> random.uniform(i);
                case LABELS -> random.below(i, 2);
                case SIGNS -> 2 * random.below(i, 2) - 1;
                case OFFSETS -> 2 * i;
                case WHOLE, POINTERS -> random.below(i, bound);
            };
        }
        return values;
    }

    @Override
    public String toString() {
        return type.toString();
    }
}
