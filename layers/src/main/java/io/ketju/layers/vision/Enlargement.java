package io.ketju.layers.vision;

import io.ketju.layers.Planes;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.TensorType;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How large planes become: to a size, or by a factor. One of both is empty; one number stands for all sides.
 *
 * @param size length, or rows and columns
 * @param factors of length, or of rows and columns; results are rounded down
 * @param recompute whether the distance of neighbouring outputs follows from the sizes rather than from the factor
 */
public record Enlargement(List<Integer> size, List<Double> factors, boolean recompute) {
    /** Copies the lists. */
    public Enlargement {
        size = List.copyOf(size);
        factors = List.copyOf(factors);
    }

    /**
     * By a factor, the same for all sides.
     *
     * @param factor above 0; sizes are rounded down
     * @return an enlargement
     */
    public static Enlargement by(double factor) {
        return new Enlargement(List.of(), List.of(factor), false);
    }

    /**
     * To a size.
     *
     * @param size length, or rows and columns, each at least 1; one number stands for all sides
     * @return an enlargement
     */
    public static Enlargement to(Integer... size) {
        return new Enlargement(List.of(size), List.of(), false);
    }

    /** From {@code size}, {@code scale_factor} and, where there is one, {@code recompute_scale_factor}. */
    static Enlargement of(Arguments arguments) {
        String layer = arguments.spec().name();
        boolean bySize = arguments.text("size").isPresent();
        if (bySize == arguments.text("scale_factor").isPresent()) {
            throw new IllegalArgumentException(
                    layer + ": expected one of the arguments 'size' and 'scale_factor', found "
                            + (bySize ? "both" : "neither"));
        }
        boolean recompute = arguments.flag("recompute_scale_factor", false);
        if (bySize && recompute) {
            throw new IllegalArgumentException(
                    layer + ": argument 'recompute_scale_factor': expected false with a size, found true");
        }
        return new Enlargement(
                bySize ? arguments.integers("size") : List.of(), arguments.numbers("scale_factor"), recompute);
    }

    /** Throws {@link IllegalArgumentException} unless it has one or two numbers above 0. */
    void require(String layer) {
        size.forEach(side -> Arguments.requirePositive(layer, "size", side));
        for (double factor : factors) {
            if (!(factor > 0)) {
                throw new IllegalArgumentException(
                        layer + ": argument 'scale_factor': expected a number > 0, found " + Spec.number(factor));
            }
        }
        if (size.isEmpty() == factors.isEmpty() || Math.max(size.size(), factors.size()) > 2) {
            throw new IllegalArgumentException(layer + ": argument '" + (size.isEmpty() ? "scale_factor" : "size")
                    + "': expected a number or a pair, found " + (size.isEmpty() ? factors : size));
        }
    }

    /** The larger planes; throws {@link IllegalArgumentException} if there are not as many sides, or nothing would be left. */
    TensorType output(Planes planes, Shape input) {
        planes.requireElements(input);
        int given = size.size() + factors.size();
        if (given > planes.sides()) {
            throw new IllegalArgumentException("expected images for sizes or factors of two sides, found " + input);
        }
        long height = planes == Planes.IMAGES ? side(0, planes.height(input)) : 1;
        long width = side(planes.sides() - 1, planes.width(input));
        if (Math.min(height, width) < 1 || Math.max(height, width) > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("expected " + planes.things()
                    + " that this factor leaves from 1 to 2^31-1 positions a side, found " + input);
        }
        return planes.sized(input, (int) height, (int) width);
    }

    private long side(int side, int of) {
        return size.isEmpty() ? (long) (of * of(factors, side)) : of(size, side);
    }

    /** How far neighbouring outputs of a side lie apart, in elements. */
    double distance(int side, int of, int becomes) {
        return factors.isEmpty() || recompute ? (double) of / becomes : 1 / of(factors, side);
    }

    private static <T> T of(List<T> sides, int side) {
        return sides.get(Math.min(side, sides.size() - 1));
    }

    Spec addTo(Spec spec) {
        Spec result = size.isEmpty() ? spec.with("scale_factor", Spec.tuple(factors)) : spec.with("size", text());
        return recompute ? result.with("recompute_scale_factor", true) : result;
    }

    private String text() {
        String joined = size.stream().map(String::valueOf).collect(Collectors.joining(", "));
        return size.size() == 1 ? joined : "(" + joined + ")";
    }
}
