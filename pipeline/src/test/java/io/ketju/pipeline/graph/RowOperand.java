package io.ketju.pipeline.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.layers.model.Input;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.memory.TensorArena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A tensor of a row; whole numbers are below the bound, row pointers end there. */
record RowOperand(TensorType type, String fill, int bound, boolean constant) {
    private static final Pattern TENSOR =
            Pattern.compile("(constant )?(\\w*)\\[([\\d, ]*)\\](?:<(\\d+)|(pointers|offsets))?");

    static RowOperand parse(String text) {
        Matcher matcher = TENSOR.matcher(text.strip());
        assertThat(matcher.matches()).as(text).isTrue();
        int[] dimensions = Arrays.stream(matcher.group(3).split(",", -1))
                .mapToInt(part -> Integer.parseInt(part.strip()))
                .toArray();
        DType dtype = matcher.group(2).equals("int32") ? DType.INT32 : DType.FLOAT32;
        int bound = matcher.group(4) == null ? 1 : Integer.parseInt(matcher.group(4));
        String fill = "offsets".equals(matcher.group(5)) ? "offsets" : matcher.group(2);
        return new RowOperand(new TensorType(dtype, Shape.of(dimensions)), fill, bound, matcher.group(1) != null);
    }

    /** All of a row; pointers give each row as many elements of the operand behind them, or one fewer. */
    static List<RowOperand> all(String texts) {
        List<RowOperand> operands = new ArrayList<>();
        String[] parts = texts.split(";", -1);
        for (int i = 0; i < parts.length; i++) {
            RowOperand operand = parse(parts[i]);
            if (parts[i].strip().endsWith("pointers")) {
                int elements = parse(parts[i + 1]).type().shape().elements();
                operand = new RowOperand(operand.type, "pointers", elements, true);
            }
            operands.add(operand);
        }
        return operands;
    }

    Tensor fill(TensorArena arena, int samples, Random random) {
        Shape shape = samples == 0 ? type.shape() : type.shape().sample().batched(samples);
        Tensor tensor = arena.allocate(type.dtype(), shape);
        for (int i = 0; i < tensor.elements(); i++) {
            switch (fill) {
                case "int32" -> tensor.setInt(i, random.nextInt(bound));
                case "offsets" -> tensor.setInt(i, 2 * i);
                case "pointers" -> tensor.setInt(i, i * bound / (tensor.elements() - 1));
                case "" -> tensor.setFloat(i, (float) random.nextGaussian());
                case "positive" -> tensor.setFloat(i, (float) Math.exp(random.nextGaussian()));
                case "signs" -> tensor.setFloat(i, random.nextBoolean() ? 1 : -1);
                default -> tensor.setFloat(i, random.nextFloat());
            }
        }
        return tensor;
    }

    /** As an input of a model: with the samples if it has as many of them, and is no constant. */
    Input input(String name, int samples) {
        return !constant && type.shape().dimension(0) == samples
                ? Input.samples(name, type.dtype(), type.shape().sample())
                : Input.whole(name, type);
    }

    /** Whether what makes it can learn. */
    boolean learnable() {
        return learnable(type);
    }

    static boolean learnable(TensorType type) {
        return type.differentiable() && type.shape().rank() > 1;
    }
}
