package io.ketju.onnx.format;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * An {@code AttributeProto}: what an operator is told besides its inputs.
 *
 * @param name as ONNX's description of the operator has it
 * @param value of one of the kinds that there are
 */
public record OnnxAttribute(String name, Content value) implements Message {
    private static final int NAME = 1;
    private static final int TYPE = 20;

    /** What an attribute may hold. */
    public sealed interface Content {}

    private record OfNumber(float value) implements Content {}

    private record OfInteger(long value) implements Content {}

    private record OfText(String value) implements Content {}

    private record OfGraph(OnnxGraph value) implements Content {}

    private record OfIntegers(List<Long> values) implements Content {}

    private record OfTexts(List<String> values) implements Content {}

    /**
     * {@return an attribute that is a number}
     *
     * @param name of the attribute
     * @param value rounded to a float
     */
    public static OnnxAttribute of(String name, double value) {
        return new OnnxAttribute(name, new OfNumber((float) value));
    }

    /**
     * {@return an attribute that is a whole number}
     *
     * @param name of the attribute
     * @param value itself, or 1 and 0 of what is true or not
     */
    public static OnnxAttribute of(String name, long value) {
        return new OnnxAttribute(name, new OfInteger(value));
    }

    /**
     * {@return an attribute that is a word}
     *
     * @param name of the attribute
     * @param value in UTF-8
     */
    public static OnnxAttribute of(String name, String value) {
        return new OnnxAttribute(name, new OfText(value));
    }

    /**
     * {@return an attribute that is a graph: what is done again and again}
     *
     * @param name of the attribute
     * @param value the body of the loop
     */
    public static OnnxAttribute of(String name, OnnxGraph value) {
        return new OnnxAttribute(name, new OfGraph(value));
    }

    /**
     * {@return an attribute that is a list of whole numbers}
     *
     * @param name of the attribute
     * @param values in their order
     */
    public static OnnxAttribute ints(String name, long... values) {
        return new OnnxAttribute(
                name, new OfIntegers(Arrays.stream(values).boxed().toList()));
    }

    /**
     * {@return an attribute that is a list of words}
     *
     * @param name of the attribute
     * @param values in their order; copied
     */
    public static OnnxAttribute texts(String name, List<String> values) {
        return new OnnxAttribute(name, new OfTexts(List.copyOf(values)));
    }

    /** The field of the value, then the number of {@code AttributeType}. */
    @Override
    public void write(Fields to) throws IOException {
        to.text(NAME, name);
        switch (value) {
            case OfNumber number -> {
                to.number(2, number.value());
                to.integer(TYPE, 1);
            }
            case OfInteger integer -> {
                to.integer(3, integer.value());
                to.integer(TYPE, 2);
            }
            case OfText text -> {
                writeText(to, 4, text.value());
                to.integer(TYPE, 3);
            }
            case OfGraph graph -> {
                to.message(6, graph.value());
                to.integer(TYPE, 5);
            }
            case OfIntegers integers -> {
                for (long one : integers.values()) {
                    to.integer(8, one);
                }
                to.integer(TYPE, 7);
            }
            case OfTexts texts -> {
                for (String one : texts.values()) {
                    writeText(to, 9, one);
                }
                to.integer(TYPE, 8);
            }
        }
    }

    private static void writeText(Fields to, int field, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        to.bytes(field, bytes.length, out -> out.writeRawBytes(bytes));
    }
}
